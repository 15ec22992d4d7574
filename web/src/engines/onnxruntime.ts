/**
 * Networks run by ONNX Runtime Web: WebAssembly with 128-bit instructions and threads, or WebGPU.
 *
 * ONNX Runtime Web and not TensorFlow.js because it runs the very files that Python's engine runs, int8 included, so that
 * one conversion, one set of operators and one set of numbers serve both.
 */
import type { InferenceSession, TensorConstructor } from "onnxruntime-common";
import mjsOfGpu from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasmOfGpu from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { FeathercutError } from "../errors.ts";
import type { Provider } from "../models/manifest.ts";
import { compileEarly } from "./early.ts";
import type { Engine, Tensor } from "./engine.ts";

/** The part of the module that is used; both of its builds have it. */
interface Runtime {
  readonly env: {
    logLevel?: string | undefined;
    /** Has a device once a network was loaded for it. */
    readonly webgpu: { readonly device?: GPUDevice | Promise<GPUDevice> };
    readonly wasm: { numThreads?: number; wasmPaths?: string | { mjs?: string | URL; wasm?: string | URL } };
  };
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

let started: Promise<Runtime> | null = null;

/** Fetches and compiles the runtime, once for the worker that this is called in: it is for one provider ever after. */
export function startRuntime(provider: Provider, threads: number): Promise<Runtime> {
  started ??= start(provider, threads);
  return started;
}

async function start(provider: Provider, threads: number): Promise<Runtime> {
  const here = self.location.href;
  const paths = provider === "webgpu" ? { mjs: mjsOfGpu, wasm: wasmOfGpu } : { mjs, wasm };
  const addresses = { mjs: new URL(paths.mjs, here).href, wasm: new URL(paths.wasm, here).href };
  compileEarly(addresses.wasm);
  import(/* @vite-ignore */ addresses.mjs).catch(() => {}); // one after the other they took a tenth of a second longer
  const runtime: Runtime = await (provider === "webgpu"
    ? import("onnxruntime-web/webgpu")
    : import("onnxruntime-web/wasm"));
  runtime.env.wasm.wasmPaths = addresses;
  runtime.env.wasm.numThreads = threads;
  runtime.env.logLevel = "error";
  // The runtime starts with its first network; what is none starts it, and is refused.
  await runtime.InferenceSession.create(new Uint8Array(4), { executionProviders: [provider] }).catch(() => {});
  return runtime;
}

const watched = new WeakSet<GPUDevice>();

/** A GPU that is lost (its driver was restarted, the browser took it away) may leave a run waiting for ever: the worker says so. */
async function watch(runtime: Runtime): Promise<void> {
  const device = await runtime.env.webgpu.device;
  if (!device || watched.has(device)) return;
  watched.add(device);
  const { reason, message } = await device.lost;
  if (reason !== "destroyed") reportError(new Error(`The GPU was lost: ${message || reason}`));
}

/**
 * A network of these bytes, ready to run. `isJoined` says that its operators were joined when the file was made.
 *
 * Raises FeathercutError "network" or, where the GPU refuses it, "device".
 */
export async function loadNetwork(
  bytes: Uint8Array,
  provider: Provider,
  threads: number,
  isJoined: boolean,
): Promise<Engine> {
  const runtime = await startRuntime(provider, threads);
  try {
    const session = await runtime.InferenceSession.create(bytes, {
      executionProviders: [provider],
      // Looking for what could still be joined takes more than half of the time that loading takes (measured).
      graphOptimizationLevel: isJoined ? "disabled" : "all",
      // The plan of one run kept for the next holds memory and saves nothing (measured, as in Python).
      enableMemPattern: false,
      // Its threads would look for work for half a second after a run, on the cores that draw what it answered.
      extra: { session: { force_spinning_stop: "1" } },
      logSeverityLevel: 3,
    });
    if (provider === "webgpu") void watch(runtime);
    return new OnnxRuntimeEngine(session, runtime, provider);
  } catch (cause) {
    throw failed(provider, `refused the network: ${firstLine(cause)}`, cause);
  }
}

class OnnxRuntimeEngine implements Engine {
  readonly #session: InferenceSession;
  readonly #runtime: Runtime;
  readonly #provider: Provider;

  constructor(session: InferenceSession, runtime: Runtime, provider: Provider) {
    this.#session = session;
    this.#runtime = runtime;
    this.#provider = provider;
  }

  async run(input: Tensor): Promise<readonly Tensor[]> {
    const session = this.#session;
    const given = new this.#runtime.Tensor("float32", input.data, input.dims);
    try {
      const answers = await session.run({ [session.inputNames[0]!]: given });
      return await Promise.all(
        session.outputNames.map(async (name) => {
          const answer = answers[name]!;
          const data = Float32Array.from((await answer.getData(true)) as Float32Array);
          return { data, dims: answer.dims };
        }),
      );
    } catch (cause) {
      throw failed(this.#provider, `failed while it ran: ${firstLine(cause)}`, cause);
    } finally {
      given.dispose();
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function failed(provider: Provider, what: string, cause: unknown): FeathercutError {
  if (provider === "webgpu") {
    return new FeathercutError("device", `The GPU ${what}. Choose WASM in the settings where it stays so`, { cause });
  }
  return new FeathercutError("network", `The network ${what}. Close other pages where memory is short, and try again`, {
    cause,
  });
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0]!;
}
