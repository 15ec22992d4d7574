import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FeathercutError } from "../../src/errors.ts";
import { FINAL, FIRST, type Network } from "../../src/models/manifest.ts";
import { MemoryStore } from "../../src/models/memory_store.ts";
import { Weights } from "../../src/models/weights.ts";
import { manifestOf, row } from "./network_rows.ts";
import { FileServer } from "./server.ts";

const [small, large] = [new Uint8Array(1000).fill(3), new Uint8Array(5000).fill(4)];
const never = new AbortController().signal;
const silent = (): void => {};

let server: FileServer;
let base: string;

function serve(...networks: readonly (readonly [Network, Uint8Array])[]): void {
  server.files.set("manifest.json", new TextEncoder().encode(manifestOf(...networks.map(([network]) => network))));
  for (const [network, bytes] of networks) server.files.set(network.file, bytes);
}

beforeEach(async () => {
  server = new FileServer();
  base = await server.start();
  serve([row(FIRST, "wasm", small), small], [row(FINAL, "wasm", large), large]);
});

afterEach(async () => await server.stop());

test("what a network costs is known before, and is nothing once it is kept", async () => {
  const weights = new Weights(base, new MemoryStore(null));
  const networks = await weights.networks();
  expect(await weights.cost(networks)).toBe(6000);
  expect(await weights.bytes(networks[0]!, silent, never)).toEqual(small);
  expect(await weights.cost(networks)).toBe(5000);
});

test("from the second visit on nothing needs a connection", async () => {
  const store = new MemoryStore(null);
  const first = new Weights(base, store);
  for (const network of await first.networks()) await first.bytes(network, silent, never);
  await server.stop();
  const second = new Weights(base, store);
  const networks = await second.networks();
  expect(await second.bytes(networks[1]!, silent, never)).toEqual(large);
  await server.start();
});

test("a first visit without a connection says that there is none", async () => {
  await server.stop();
  await expect(new Weights(base, new MemoryStore(null)).networks()).rejects.toMatchObject({ code: "offline" });
  await server.start();
});

test("full storage is no reason to stop: the network works from memory", async () => {
  class FullStore extends MemoryStore {
    override async part(name: string): Promise<Awaited<ReturnType<MemoryStore["part"]>>> {
      const part = await super.part(name);
      part.write = () => {
        throw new FeathercutError("storage", "full");
      };
      return part;
    }
  }
  const weights = new Weights(base, new FullStore(null));
  const [network] = await weights.networks();
  expect(await weights.bytes(network!, silent, never)).toEqual(small);
  expect(await weights.cost([network!])).toBe(0);
});

test("networks that the page has no more are removed from the device", async () => {
  const store = new MemoryStore(null);
  const before = new Weights(base, store);
  await before.bytes((await before.networks())[0]!, silent, never);
  serve([row(FINAL, "wasm", large), large]);
  await new Weights(base, store).networks();
  await vi.waitFor(async () => expect(await store.lengthOf("u2netp-wasm.onnx")).toBeNull());
});

test("a kept network that lost bits on the disk is noticed, and fetched anew", async () => {
  const store = new MemoryStore(null);
  const weights = new Weights(base, store);
  const [network] = await weights.networks();
  const damaged = await weights.bytes(network!, silent, never);
  damaged[7] = 0;
  const part = await store.part(network!.file);
  part.write(damaged);
  part.close();
  await store.accept(network!.file);
  expect(await new Weights(base, store).bytes(network!, silent, never)).toEqual(small);
  expect(server.asked.filter((line) => line.startsWith(network!.file))).toHaveLength(2);
});

test("why networks are not kept is known: the window, or its room", async () => {
  class FullStore extends MemoryStore {
    override async part(): Promise<never> {
      throw new FeathercutError("storage", "full");
    }
  }
  for (const [store, why] of [
    [new MemoryStore(null), null],
    [new MemoryStore("window"), "window"],
    [new FullStore(null), "room"],
  ] as const) {
    const weights = new Weights(base, store);
    const networks = await weights.networks();
    for (const network of networks) await weights.bytes(network, silent, never);
    expect(await weights.passing(networks)).toBe(why);
  }
});

test("a window that refuses locks works without them", async () => {
  const refusing = { locks: { request: () => Promise.reject(new DOMException("denied", "SecurityError")) } };
  vi.stubGlobal("navigator", refusing);
  const weights = new Weights(base, new MemoryStore("window"));
  expect(await weights.bytes((await weights.networks())[0]!, silent, never)).toEqual(small);
  vi.unstubAllGlobals();
});
