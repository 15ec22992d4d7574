import { afterEach, beforeEach, expect, test } from "vitest";
import { download } from "../../src/models/download.ts";
import { MemoryStore } from "../../src/models/memory_store.ts";
import { sha256 } from "../../src/models/sha256.ts";
import { FileServer } from "./server.ts";

const FILE = "network.onnx";
const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 9)) % 256);
const wanted = { file: FILE, bytes: bytes.length, sha256: sha256(bytes) };
const never = new AbortController().signal;

let server: FileServer;
let base: string;
let store: MemoryStore;

beforeEach(async () => {
  server = new FileServer();
  server.files.set(FILE, bytes);
  base = await server.start();
  store = new MemoryStore(null);
});

afterEach(async () => await server.stop());

async function get(signal = never, heard: (done: number, total: number) => void = () => {}): Promise<void> {
  await download(wanted, base + FILE, store, heard, signal);
}

test("a file is kept once all of it came, and progress counts its bytes", async () => {
  const heard: number[] = [];
  await get(never, (done, total) => {
    expect(total).toBe(bytes.length);
    heard.push(done);
  });
  expect(heard.at(-1)).toBe(bytes.length);
  expect(heard).toEqual([...heard].sort((one, other) => one - other));
  expect(await store.read(FILE)).toEqual(bytes);
});

test("a line that breaks is picked up where it broke", async () => {
  server.breaks = { answers: 2, after: 100_000 };
  await get();
  expect(server.asked).toEqual([`${FILE} all`, `${FILE} bytes=100000-`, `${FILE} bytes=200000-`]);
  expect(await store.read(FILE)).toEqual(bytes);
});

test("what an earlier visit brought is not fetched again", async () => {
  const part = await store.part(FILE);
  part.write(bytes.subarray(0, 250_000));
  await get();
  expect(server.asked).toEqual([`${FILE} bytes=250000-`]);
  expect(await store.read(FILE)).toEqual(bytes);
});

test("a server without ranges sends all of it again", async () => {
  server.knowsRanges = false;
  server.breaks = { answers: 1, after: 100_000 };
  await get();
  expect(await store.read(FILE)).toEqual(bytes);
});

test("bytes of another file are thrown away, and that is said", async () => {
  server.files.set(FILE, bytes.slice().fill(9, 1000, 1010));
  await expect(get()).rejects.toMatchObject({ code: "weights", message: expect.stringContaining("thrown away") });
  expect(await store.read(FILE)).toBeNull();
  expect((await store.part(FILE)).length).toBe(0);
});

test("a damaged beginning from an earlier visit costs one more try, not the download", async () => {
  (await store.part(FILE)).write(new Uint8Array(5000));
  await get();
  expect(server.asked).toEqual([`${FILE} bytes=5000-`, `${FILE} all`]);
  expect(await store.read(FILE)).toEqual(bytes);
});

test("an abort stops at once and keeps what came", async () => {
  server.breaks = { answers: 1, after: 100_000 };
  const stop = new AbortController();
  const going = get(stop.signal, (done) => {
    if (done >= 100_000) stop.abort();
  });
  await expect(going).rejects.toMatchObject({ name: "AbortError" });
  expect((await store.part(FILE)).length).toBe(100_000);
});

test("a server that is gone is said, with what came before", async () => {
  (await store.part(FILE)).write(bytes.subarray(0, 200_000));
  await server.stop();
  await expect(get()).rejects.toMatchObject({ code: "offline", message: expect.stringContaining("0.2 MB") });
  expect((await store.part(FILE)).length).toBe(200_000);
  await server.start();
});

test("a missing file is said with the server's answer", async () => {
  server.files.delete(FILE);
  await expect(get()).rejects.toMatchObject({ code: "weights", message: expect.stringContaining("404") });
});

test("a server whose file is shorter is told as such, not asked for ever", async () => {
  server.files.set(FILE, bytes.subarray(0, 1000));
  server.knowsRanges = false;
  await expect(get()).rejects.toMatchObject({ code: "weights", message: expect.stringContaining("1000 bytes") });
  expect(server.asked.length).toBeLessThan(5);
  expect((await store.part(FILE)).length).toBe(0);
});
