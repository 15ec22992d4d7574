import { fileURLToPath } from "node:url";
import { defaultClientConditions } from "vite";
import { defineConfig } from "vitest/config";
import { offline } from "./build/offline.ts";

const isolated = {
  // Threads in WASM need shared memory, which a page gets only when it is isolated from others.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Works below any path of any host.
  base: "./",
  plugins: [offline()],
  build: {
    target: "es2022",
    // Into the Python package, which serves it and brings it along.
    outDir: "../src/feathercut/app/page",
    emptyOutDir: true,
    sourcemap: false,
  },
  // The runtime's own loader stays a file of its own: threads are started from it.
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions] },
  worker: { format: "es" },
  // Fetched when first used; bundled while one looks on, they would reload the page.
  optimizeDeps: { exclude: ["@jsquash/avif", "@jsquash/jpeg", "@jsquash/webp"] },
  server: {
    headers: isolated,
    proxy: { "/weights": "http://127.0.0.1:4665" },
    fs: { allow: [here("..")] },
  },
  preview: { headers: isolated },
  // A busy machine is no failure: what hangs is stopped, what is slow is not.
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    setupFiles: ["tests/typed_arrays.ts"],
    testTimeout: 60_000,
  },
});
