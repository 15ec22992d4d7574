/**
 * Builds the service worker beside the page: one classic script that knows every file of the build, and the content
 * security policy of the built page. Development needs neither: Vite writes style and script of its own into the page.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

/** What is fetched when it is first used: the runtime and the codecs, each many times the page. */
const LATE = /\.wasm$|\.onnx$/;
/** Not of the page: weights lie beside it, its manifest of them too. */
const FOREIGN = /^weights\/|\.map$|^service_worker\.js$/;

/** `connect-src 'self'` is what `feathercut app --export` adds the origin of the weights to. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
].join("; ");

export function offline(): Plugin {
  return {
    name: "feathercut-offline",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle }) => {
        const policy = `\n    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />`;
        const main = Object.keys(bundle ?? {}).find((name) => /^assets\/main-.*\.js$/.test(name));
        // Asked for with the first script, not after it. The checks have one script alone.
        const preload = main ? `\n    <link rel="modulepreload" crossorigin href="./${main}" />` : "";
        return html.replace("<head>", `<head>${policy}`).replace("</title>", `</title>${preload}`);
      },
    },
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const names = [...Object.keys(bundle).filter((name) => !FOREIGN.test(name)), ...PUBLIC].sort();
        const hash = createHash("sha256");
        for (const name of names) {
          const file = bundle[name];
          hash.update(name).update(file ? (file.type === "chunk" ? file.code : file.source) : readPublic(name));
        }
        const files = {
          version: hash.digest("hex").slice(0, 12),
          early: names.filter((name) => !LATE.test(name)),
          late: names.filter((name) => LATE.test(name)),
        };
        // The service worker has one address for ever: browsers look there for a new one.
        this.emitFile({ type: "asset", fileName: "service_worker.js", source: await serviceWorker(files) });
      },
    },
  };
}

/** One classic script, bundled by itself so that it shares no file with the page. */
async function serviceWorker(files: object): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    define: { __FILES__: JSON.stringify(files) },
    build: {
      write: false,
      target: "es2022",
      rolldownOptions: {
        input: fileURLToPath(new URL("../src/service/worker.ts", import.meta.url)),
        output: { format: "iife" },
      },
    },
  });
  const output = Array.isArray(built) ? built[0]! : built;
  if (!("output" in output)) throw new Error("The service worker was not built");
  return output.output[0].code;
}

function readPublic(name: string): Buffer {
  return readFileSync(new URL(`../public/${name}`, import.meta.url));
}

/** From `public/`, which Vite copies as it is. */
const PUBLIC = ["manifest.webmanifest", "icon.svg", "icon-192.png", "icon-512.png", "icon-maskable-512.png"];
