/** The worker that runs networks: alone with the runtime, so that it can be ended at any moment without losing a photo. */
import { FeathercutError } from "../errors.ts";
import { openStore, type Store } from "../models/store.ts";
import { Weights } from "../models/weights.ts";
import { showLife } from "../worker/alive.ts";
import { answer, type Channel, type Handlers, serve } from "../worker/bridge.ts";
import type { EngineCalls } from "./calls.ts";
import type { Engine } from "./engine.ts";
import { loadNetwork, startRuntime } from "./onnxruntime.ts";

const loaded = new Map<string, Engine>();
let store: Promise<Store> | null = null;

const handlers: Handlers<EngineCalls> = {
  async start({ provider, threads }) {
    await startRuntime(provider, threads);
    return answer(undefined);
  },

  async load({ where, network, keeps }, { tell, signal }) {
    for (const [file, engine] of loaded) {
      if (file === network.file || keeps.includes(file)) continue;
      loaded.delete(file);
      await engine.release();
    }
    if (loaded.has(network.file)) return answer(undefined);
    const runtime = startRuntime(where.provider, where.threads);
    store ??= openStore();
    const weights = new Weights(where.base, await store);
    const heard = (done: number, total: number, left_s: number | null): void =>
      tell({ stage: "download", what: network.id, done, total, left_s });
    const bytes = await weights.bytes(network, heard, signal);
    tell({ stage: "load", what: network.id, done: 0, total: 0, left_s: null });
    await runtime;
    const engine = await loadNetwork(bytes, where.provider, where.threads);
    loaded.set(network.file, engine);
    return answer(undefined);
  },

  async run({ file, input }) {
    const engine = loaded.get(file);
    if (!engine) throw new FeathercutError("network", `The network ${file} is not loaded`);
    const outputs = await engine.run(input);
    return answer(
      outputs,
      outputs.map((output) => output.data.buffer),
    );
  },
};

showLife(self as unknown as Channel);
serve(self as unknown as Channel, handlers);
