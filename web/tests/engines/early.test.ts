import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { compileEarly } from "../../src/engines/early.ts";

const ADDRESS = "http://example.test/runtime.wasm";
/** A module with nothing in it. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

let asked: string[];
let answer: () => Response;

beforeEach(() => {
  asked = [];
  answer = () => new Response(EMPTY, { headers: { "content-type": "application/wasm" } });
  vi.stubGlobal("self", globalThis);
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return answer();
  });
});

afterEach(() => vi.unstubAllGlobals());

test("who wants the binary later is given what was begun, and nothing is fetched twice", async () => {
  const { instantiateStreaming } = WebAssembly;
  compileEarly(ADDRESS);
  const { instance, module } = await WebAssembly.instantiateStreaming(fetch(ADDRESS), {});
  expect(instance).toBeInstanceOf(WebAssembly.Instance);
  expect(module).toBeInstanceOf(WebAssembly.Module);
  expect(asked).toEqual([ADDRESS]);
  expect(WebAssembly.instantiateStreaming).toBe(instantiateStreaming);
});

test("other files are fetched as ever", async () => {
  compileEarly(ADDRESS);
  await fetch("http://example.test/other.json");
  expect(asked).toEqual([ADDRESS, "http://example.test/other.json"]);
  await WebAssembly.instantiateStreaming(fetch(ADDRESS), {});
});

test("where it cannot be had, it is asked for again by who wants it", async () => {
  answer = () => new Response("gone", { status: 410 });
  compileEarly(ADDRESS);
  await expect(WebAssembly.instantiateStreaming(fetch(ADDRESS), {})).rejects.toThrow();
  answer = () => new Response(EMPTY, { headers: { "content-type": "application/wasm" } });
  expect((await fetch(ADDRESS)).status).toBe(200);
  expect(asked).toEqual([ADDRESS, ADDRESS]);
});
