/** The page as it is built: small, bound to its own files, and known to its service worker in full. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

const BUDGET = 200_000;
/** Not the application: the runtime, the codecs' binaries and glue, and weights. */
const OTHERS = /\.wasm$|\.onnx$|\.png$|(^|\/)(ort|webp_|avif_|mozjpeg_)[^/]*\.m?js$|^weights\//;

let folder = "";
let names: string[] = [];
const read = (name: string): Buffer => readFileSync(join(folder, name));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "feathercut-page-"));
  await build({ root: new URL("..", import.meta.url).pathname, logLevel: "error", build: { outDir: folder } });
  names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => /\.\w+$/.test(name));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("application code is under 200 kB compressed", () => {
  const sizes = names.filter((name) => !OTHERS.test(name)).map((name) => [name, gzipSync(read(name)).length] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`application: ${total} bytes compressed in ${sizes.length} files`);
  expect(total, sizes.map((row) => row.join(" ")).join("\n")).toBeLessThan(BUDGET);
});

test("the page works below any path", () => {
  const html = read("index.html").toString();
  expect([...html.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map((match) => match[1])).toEqual([]);
});

test("the page's own script is asked for with the first one", () => {
  const asked = /rel="modulepreload" crossorigin href="\.\/(assets\/main-[^"]+\.js)"/.exec(
    read("index.html").toString(),
  );
  expect(names).toContain(asked?.[1]);
});

test("the policy allows the page's own files and nothing else", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(read("index.html").toString())?.[1];
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/https?:|unsafe-inline|'unsafe-eval'|\*/);
  expect(read("index.html").toString()).not.toMatch(/<script(?![^>]*src=)|<style|style="/);
});

test("the service worker is one script that knows every file", () => {
  const script = read("service_worker.js").toString();
  expect(script).not.toMatch(/^\s*import[\s{"']|__FILES__/m);
  for (const name of names.filter((each) => each !== "service_worker.js" && !each.startsWith("weights/")))
    expect(script, name).toContain(name);
});
