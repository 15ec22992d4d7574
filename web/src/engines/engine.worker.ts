/** The worker that runs networks: alone with the runtime, so that it can be ended at any moment without losing a photo. */
import { FeathercutError } from "../errors.ts";
import type { Network } from "../models/manifest.ts";
import { openStore, type Store } from "../models/store.ts";
import { Weights } from "../models/weights.ts";
import type { Progress } from "../session.ts";
import { showLife } from "../worker/alive.ts";
import { answer, type Channel, type Handlers, serve } from "../worker/bridge.ts";
import type { EngineCalls, Where } from "./calls.ts";
import type { Engine } from "./engine.ts";
import { loadNetwork, startRuntime } from "./onnxruntime.ts";

type Tell = (progress: Progress) => void;

/** With nothing asked for so long, the runtime's code is made quick. */
const REST_MS = 300;

const loaded = new Map<string, Engine>();
/** Networks under way, and who is told of it: the first may be nobody who waits. */
const loading = new Map<string, { readonly work: Promise<Engine>; readonly told: Set<Tell> }>();
let store: Promise<Store> | null = null;
let asked = 0;
/** The load that was asked for last: the run that is asked for with it waits. */
let last: Promise<void> = Promise.resolve();

const handlers: Handlers<EngineCalls> = {
  async start({ provider, threads }) {
    await startRuntime(provider, threads);
    return answer(undefined);
  },

  async ahead({ where, network, practises }, { signal }) {
    const before = practises ? asked : ++asked;
    await ready(where, network, () => {}, signal);
    if (practises) setTimeout(() => before === asked && void practise(network), REST_MS);
    return answer(undefined);
  },

  async load({ where, network, keeps }, { tell, signal }) {
    asked++;
    last = letGo(network, keeps).then(() => ready(where, network, tell, signal));
    await last;
    return answer(undefined);
  },

  async run({ file, input }, { signal }) {
    asked++;
    await last;
    signal.throwIfAborted();
    const engine = loaded.get(file);
    if (!engine) throw new FeathercutError("network", `The network ${file} is not loaded`);
    const outputs = await engine.run(input);
    return answer(
      outputs,
      outputs.map((output) => output.data.buffer),
    );
  },
};

/** Frees the networks that need not stay. */
async function letGo(network: Network, keeps: readonly string[]): Promise<void> {
  for (const [file, engine] of loaded) {
    if (file === network.file || keeps.includes(file)) continue;
    loaded.delete(file);
    await engine.release();
  }
}

/** Waits until a network is loaded, by whoever asked for it first. */
async function ready(where: Where, network: Network, tell: Tell, signal: AbortSignal): Promise<void> {
  if (loaded.has(network.file)) return;
  const now = loading.get(network.file);
  if (now) {
    now.told.add(tell);
    await now.work;
    return;
  }
  const told = new Set([tell]);
  const tellAll: Tell = (progress) => {
    for (const each of told) each(progress);
  };
  const work = fetched(where, network, tellAll, signal);
  loading.set(network.file, { work, told });
  try {
    loaded.set(network.file, await work);
  } finally {
    loading.delete(network.file);
  }
}

async function fetched(where: Where, network: Network, tell: Tell, signal: AbortSignal): Promise<Engine> {
  const runtime = startRuntime(where.provider, where.threads);
  store ??= openStore();
  const weights = new Weights(where.base, await store);
  const heard = (done: number, total: number, left_s: number | null): void =>
    tell({ stage: "download", what: network.id, done, total, left_s });
  const bytes = await weights.bytes(network, heard, signal);
  tell({ stage: "load", what: network.id, done: 0, total: 0, left_s: null });
  await runtime;
  const engine = await loadNetwork(bytes, where.provider, where.threads, network.precision === "int8");
  free(bytes.buffer);
  return engine;
}

/** Gives memory back at once: nothing else happens here that would make the browser look for it. */
function free(buffer: ArrayBuffer & { transfer?: (length: number) => ArrayBuffer }): void {
  buffer.transfer?.(0);
}

/** A run on nothing: browsers translate code quickly first, and well only once it was used. */
async function practise({ file, input }: Network): Promise<void> {
  const data = new Float32Array(3 * input.size[0] * input.size[1]);
  await loaded.get(file)?.run({ data, dims: [1, 3, ...input.size] });
}

showLife(self as unknown as Channel);
serve(self as unknown as Channel, handlers);
