/** Builds `checks/`, by which tests and benchmarks use the machinery without the page. */
import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vite";
import page from "./vite.config.ts";

export default defineConfig(
  mergeConfig(page, {
    root: fileURLToPath(new URL("checks", import.meta.url)),
    build: { outDir: fileURLToPath(new URL("checks/dist", import.meta.url)), emptyOutDir: true },
  }),
);
