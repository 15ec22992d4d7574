import { afterEach, expect, test, vi } from "vitest";
import { type Image, NO_METADATA, type Size } from "../../src/pictures.ts";
import type { Machine } from "../../src/session.ts";
import type { Event } from "../../src/worker/calls.ts";
import { cutOut } from "../../src/worker/cutting.ts";
import { revive } from "../../src/worker/kept.ts";
import type { Looked, Networks } from "../../src/worker/networks.ts";

const SIZE: Size = [64, 64];
const machine: Machine = { provider: "wasm", threads: 2, is_isolated: true, precision: "int8", why: "" };
const { signal } = new AbortController();

/** A white square on black. */
function photo(size: Size): Image {
  const rgb = new Uint8Array(3 * size[0] * size[1]);
  const [top, left, bottom, right] = [size[0] / 4, size[1] / 4, (3 * size[0]) / 4, (3 * size[1]) / 4];
  for (let y = top; y < bottom; y++) rgb.fill(255, 3 * (y * size[1] + left), 3 * (y * size[1] + right));
  return { size, rgb, alpha: null, metadata: NO_METADATA };
}

function looked(id: string, opacity = 1): Looked {
  const alpha = new Float32Array(SIZE[0] * SIZE[1]);
  for (let y = 16; y < 48; y++) alpha.fill(opacity, y * SIZE[1] + 16, y * SIZE[1] + 48);
  const prediction = { model: id, size: SIZE, inside: [0, 0, ...SIZE], resample: "bilinear", alpha } as const;
  const network = { id, precision: "int8", provider: "wasm" };
  return { network, canvas: new Float32Array(), prediction, outputs: [] } as unknown as Looked;
}

/** What happens when such a photo is cut out, in order: what is asked of networks and what is told. */
async function happened(
  quality: "small" | "full",
  { deviceMemory = 8, opacity = 1, size = SIZE } = {},
): Promise<{ words: string[]; told: Event[] }> {
  vi.stubGlobal("navigator", { userAgent: "", deviceMemory });
  const words: string[] = [];
  const told: Event[] = [];
  const networks = {
    known: async () => machine,
    first: async () => looked("u2netp", opacity),
    fetchFinal: async () => void words.push("fetch"),
    givenFinal: async () => ({}),
    final: async () => {
      words.push("run");
      return looked("isnet-general");
    },
    machine: async () => ({ machine, measured: null }),
    early: () => machine,
  } as unknown as Networks;
  const hear = (event: Event): void => {
    told.push(event);
    if (event.kind === "found") words.push(event.found.is_final ? "final" : "first");
    if (event.kind === "sketched" || event.kind === "packed" || event.kind === "diagnosed") words.push(event.kind);
  };
  const diagnose = await cutOut(photo(size), quality, networks, { hear, learn: () => {} }, signal);
  words.push("over");
  await diagnose();
  return { words, told };
}

afterEach(() => void vi.unstubAllGlobals());

test("the first cutout is told at once, and its rest while the large network runs; the last one's diagnosis comes when all is over", async () => {
  const { words, told } = await happened("full");
  expect(words).toEqual(["sketched", "fetch", "first", "run", "packed", "final", "packed", "over", "diagnosed"]);
  for (const event of told) if (event.kind === "found") expect(event.found.recipe.predictions).toEqual([]);
});

test("who stays small is told one final cutout, and its answer after it", async () => {
  const { words, told } = await happened("small");
  expect(words).toEqual(["sketched", "final", "packed", "over", "diagnosed"]);
  const [packed] = told.flatMap((event) => (event.kind === "packed" ? event.packed.predictions : []));
  expect((await revive(packed!)).alpha[32 * SIZE[1] + 32]).toBe(1);
});

test("where memory is short the large network comes when the first cutout is whole", async () => {
  const { words } = await happened("full", { deviceMemory: 2 });
  expect(words).toEqual(["sketched", "first", "packed", "run", "final", "packed", "over", "diagnosed"]);
});

test("a large photo's first cutout, which is told once, does not wait for the large network", async () => {
  const { words } = await happened("full", { size: [2004, 2000] });
  expect(words).toEqual(["sketched", "fetch", "first", "packed", "run", "final", "packed", "over", "diagnosed"]);
}, 60_000);

test("what is sketched is what the small network drew, at its own size", async () => {
  const { told } = await happened("small");
  const [sketch] = told.flatMap((event) => (event.kind === "sketched" ? event.sketch : []));
  expect(sketch!.size).toEqual(SIZE);
  expect([sketch!.opacity[32 * SIZE[1] + 32], sketch!.opacity[0]]).toEqual([1, 0]);
});

test("nothing is sketched where there is no subject", async () => {
  const { words } = await happened("small", { opacity: 0.1 });
  expect(words).toEqual(["final", "packed", "over", "diagnosed"]);
});
