/** Codecs for tests: node has no `fetch` for files. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setCompile } from "../../src/formats/wasm.ts";

/** Reads WASM files from the disk from now on. */
export function codecsFromDisk(): void {
  setCompile(async (url) => {
    const path = url.replace(/^\/@fs/, "").replace(/\?.*$/, "");
    const inside = fileURLToPath(new URL(`../..${path}`, import.meta.url));
    return WebAssembly.compile(readFileSync(url.startsWith("/@fs") ? path : inside));
  });
}
