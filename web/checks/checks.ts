/** What `tests/app/` asks of the machinery in a real browser: no page, only a session and an engine by their handles. */
import type { Recipe } from "../src/editor/recipe.ts";
import { EngineClient } from "../src/engines/client.ts";
import { gpuHere, threadsHere } from "../src/engines/machine.ts";
import { type Network, type Provider, readManifest } from "../src/models/manifest.ts";
import type { Report } from "../src/report.ts";
import type { Found, Photo, Progress, Quality } from "../src/session.ts";
import { revive } from "../src/worker/kept.ts";
import { createSession } from "../src/worker/session.ts";

const base = new URL("weights/", document.baseURI).href;
const never = new AbortController().signal;

function spawn(): Worker {
  return new Worker(new URL("../src/engines/engine.worker.ts", import.meta.url), { type: "module" });
}

const session = createSession();
const clients = new Map<string, EngineClient>();

async function fetched(address: string): Promise<Blob> {
  return await (await fetch(address)).blob();
}

function text(bytes: ArrayBufferView): string {
  const all = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let signs = "";
  for (let at = 0; at < all.length; at += 1 << 15) signs += String.fromCharCode(...all.subarray(at, at + (1 << 15)));
  return btoa(signs);
}

interface Ran {
  readonly ms: readonly number[];
  /** The last answer's float32 numbers in base64. */
  readonly answer: string;
  readonly dims: readonly number[];
}

/** Runs a network's file on float32 numbers that lie at an address, as often as asked. */
async function run(id: string, precision: string, provider: Provider, input: string, times: number): Promise<Ran> {
  const networks = readManifest(await (await fetched(`${base}manifest.json`)).text());
  const network = networks.find((one) => one.id === id && one.precision === precision) as Network;
  const client = clients.get(provider) ?? new EngineClient(spawn);
  clients.set(provider, client);
  const where = { provider, threads: provider === "wasm" ? threadsHere() : 1, base };
  const numbers = await (await fetched(input)).arrayBuffer();
  const ms: number[] = [];
  let matte = null;
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    const given = { data: new Float32Array(numbers), dims: [1, 3, ...network.input.size] };
    [matte] = await client.run(where, network, given, () => {}, never);
    ms.push(performance.now() - began);
  }
  return { ms, answer: text(matte!.data), dims: matte!.dims };
}

interface Cut {
  readonly ms: number;
  readonly isFinal: boolean;
  readonly isEmpty: boolean;
  readonly models: readonly string[];
  readonly alpha: string;
  /** What each network answered, as float32 numbers in base64, by its id; once it is told. */
  readonly answers: Readonly<Record<string, string>>;
  /** What is said of the final one. */
  readonly report: Report | null;
}

/** Cuts out the photo at an address. `stopAfter` aborts at that stage of that network ("run u2netp"). */
async function cut(address: string, quality: Quality, stopAfter: string | null = null): Promise<readonly Cut[]> {
  const began = performance.now();
  const photo = await session.open(await fetched(address), address.split("/").at(-1)!, never);
  const cuts: Cut[] = [];
  const stop = new AbortController();
  const report = ({ stage, what }: Progress): void => {
    if (`${stage} ${what}` === stopAfter) stop.abort();
  };
  for await (const heard of session.cutOut(photo, quality, report, stop.signal)) {
    if ("report" in heard) {
      const last = cuts.pop()!;
      cuts.push({ ...last, report: heard.report });
      continue;
    }
    if ("opacity" in heard) continue;
    if ("predictions" in heard) {
      last!.recipe = { ...last!.recipe, ...heard };
      const answered = await Promise.all(heard.predictions.map(revive));
      const answers = Object.fromEntries(answered.map(({ model, alpha }) => [model, text(alpha)]));
      cuts.push({ ...cuts.pop()!, answers });
      continue;
    }
    const { is_final, is_empty, alpha, models, recipe } = heard;
    last = { photo, alpha, recipe };
    cuts.push({
      ms: performance.now() - began,
      isFinal: is_final,
      isEmpty: is_empty,
      models,
      alpha: text(alpha),
      answers: {},
      report: null,
    });
  }
  return cuts;
}

let last: { photo: Photo; alpha: Float32Array; recipe: Found["recipe"] } | null = null;

function recipeOf({ photo, recipe }: NonNullable<typeof last>): Recipe {
  return {
    feathercut: "recipe",
    version: 1,
    photo: { name: photo.name, size: photo.size, sha256: photo.sha256 },
    ...recipe,
    ...{ method: "network", screen: "auto", despill: 100, low_resolution: "auto" },
    subject: "all",
    transparency: "auto",
    acts: [],
    ...{ edge_shift: 0, edge_softness: 0, edge_contrast: 0, decontaminate: 100 },
    background: { kind: "transparent" },
    reflection: 0,
    shadow: { kind: "none", angle_deg: 90, distance_px: 0, softness_px: 0, opacity: 0 },
    canvas: { crop: false, margin: "0", size: null, scale: null, position: null },
  };
}

/** The file of the last cutout in base64, and the largest difference of its matte replayed from what was kept. */
async function finish(): Promise<{ png: string; replayed: number; sha256: string }> {
  const { photo, alpha } = last!;
  const recipe = recipeOf(last!);
  const again = await session.base(photo, recipe, never);
  const replayed = again.reduce((worst, value, i) => Math.max(worst, Math.abs(value - alpha[i]!)), 0);
  const { blob } = await session.finish(photo, recipe, alpha, "png", 90, never);
  return { png: text(new Uint8Array(await blob.arrayBuffer())), replayed, sha256: photo.sha256 };
}

const checks = { session, run, cut, finish, gpu: gpuHere };

declare global {
  interface Window {
    checks: typeof checks;
  }
}

window.checks = checks;
