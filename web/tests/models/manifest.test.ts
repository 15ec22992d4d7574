import { expect, test } from "vitest";
import { FINAL, FIRST, finalOf, hasFinal, networkOf, readManifest } from "../../src/models/manifest.ts";
import { manifestOf, row } from "./network_rows.ts";

test("a manifest gives the network of a provider", () => {
  const networks = readManifest(manifestOf(row(FIRST, "wasm"), row(FIRST, "webgpu"), row(FINAL, "wasm")));
  expect(networkOf(networks, FIRST, "webgpu").file).toBe("u2netp-webgpu.onnx");
  expect([hasFinal(networks, "wasm"), hasFinal(networks, "webgpu")]).toEqual([true, false]);
});

test("a network of one's own draws the last cutout where the page was made with it", () => {
  const own = { ...row("my-products", "wasm"), is_final: true };
  const networks = readManifest(manifestOf(row(FIRST, "wasm"), own));
  expect(finalOf(networks)).toBe("my-products");
  expect([hasFinal(networks, "wasm"), hasFinal(networks, "webgpu")]).toEqual([true, false]);
  expect(finalOf(readManifest(manifestOf(row(FIRST, "wasm"))))).toBe(FINAL);
});

test("a page that was made small says so when the large network is asked for", () => {
  const networks = readManifest(manifestOf(row(FIRST, "wasm")));
  expect(() => networkOf(networks, FINAL, "wasm")).toThrow(/made without the network `isnet-general`/);
});

test.each([
  ["{", /no JSON/],
  ["[]", /names no networks/],
  ['{"version": 2, "networks": []}', /version 2, not 1/],
  [manifestOf({ ...row(FIRST, "wasm"), file: "../../secret" }), /lacks its file/],
  [manifestOf({ ...row(FIRST, "wasm"), sha256: "abc" }), /lacks its file, bytes or hash/],
  [manifestOf({ ...row(FIRST, "wasm"), bytes: 0 }), /lacks its file, bytes or hash/],
])("what is no manifest is named: %s", (text, message) => {
  expect(() => readManifest(text)).toThrow(message);
});
