/** Rows of a manifest as Python writes them. */
import type { Network, Provider } from "../../src/models/manifest.ts";
import { sha256 } from "../../src/models/sha256.ts";

export function row(id: string, provider: Provider, bytes = new Uint8Array(4)): Network {
  return {
    id,
    title: id,
    precision: provider === "wasm" ? "int8" : "fp32",
    provider,
    file: `${id}-${provider}.onnx`,
    bytes: bytes.length,
    sha256: sha256(bytes),
    licence: "Apache-2.0",
    input: {
      size: [8, 8],
      fit: "stretch",
      resample: "bilinear",
      rounding: "none",
      scale: "255",
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    output: { activation: "none", rescale: "none", rounding: "none", resample: "bilinear" },
    depths: [],
  };
}

export function manifestOf(...networks: readonly Network[]): string {
  return JSON.stringify({ version: 1, networks });
}
