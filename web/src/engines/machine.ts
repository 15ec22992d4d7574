/** What this machine is, and who runs the networks on it: asked for, or found out by measuring. */
import type { Provider } from "../models/manifest.ts";
import type { Machine, Settings } from "../session.ts";

/** What was measured once on this device, kept by the page. */
export interface Measured {
  readonly provider: Provider;
  /** Which GPU it was measured on: another one is measured anew. */
  readonly gpu: string;
  readonly why: string;
}

export interface Chosen {
  readonly machine: Machine;
  /** What was measured for it just now, if anything was. */
  readonly measured: Measured | null;
}

const MOST_THREADS = 8;

/** Threads that WebAssembly may use: shared memory is for isolated pages only. */
export function threadsHere(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency ?? 1));
}

/** Words for this device's GPU, or null where the page gets none that counts itself. */
export async function gpuHere(): Promise<string | null> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return null;
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  // Software that stands in for a GPU is slower than WebAssembly by far.
  if (isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${architecture} ${description}`)) return null;
  return [vendor, architecture, description].filter(Boolean).join(" ") || "GPU";
}

/** Devices whose memory should be left alone: phones, tablets and small laptops. */
export function isSmallDevice(): boolean {
  const { deviceMemory, userAgent } = navigator as Navigator & { deviceMemory?: number };
  return (deviceMemory ?? 8) < 4 || /Android|iPhone|iPad|Mobile/i.test(userAgent);
}

/** The machine as the person sees it. */
export function machineOf(provider: Provider, why: string): Machine {
  return {
    provider,
    threads: provider === "wasm" ? threadsHere() : 1,
    is_isolated: globalThis.crossOriginIsolated === true,
    precision: provider === "wasm" ? "int8" : "fp32",
    why,
  };
}

/** Who runs the networks, where that is asked for, has no alternative, or was measured before; null elsewhere. */
export async function chosenUnmeasured(settings: Settings, known: Measured | null): Promise<Chosen | null> {
  if (settings.provider !== "auto") return { machine: machineOf(settings.provider, "You chose it."), measured: null };
  const gpu = await gpuHere();
  if (gpu === null) return { machine: machineOf("wasm", "This browser offers no GPU to the page."), measured: null };
  return known?.gpu === gpu ? { machine: machineOf(known.provider, known.why), measured: null } : null;
}

/**
 * Who runs the networks. `auto` asks `time` for both: the milliseconds of a run of the small network that is warm.
 *
 * The GPU is only waited for as long as it could still win; one that fails or is slower is not asked again on this device.
 */
export async function choose(
  settings: Settings,
  known: Measured | null,
  time: (provider: Provider, most_ms: number) => Promise<number>,
): Promise<Chosen> {
  const chosen = await chosenUnmeasured(settings, known);
  if (chosen) return chosen;
  const measured = await measure((await gpuHere()) ?? "GPU", time);
  return { machine: machineOf(measured.provider, measured.why), measured };
}

const LONGEST_START_MS = 30_000;

async function measure(gpu: string, time: (provider: Provider, most_ms: number) => Promise<number>): Promise<Measured> {
  const wasm = await time("wasm", Number.POSITIVE_INFINITY);
  let webgpu: number;
  try {
    webgpu = await time("webgpu", LONGEST_START_MS);
  } catch {
    return { provider: "wasm", gpu, why: `Measured here: the GPU (${gpu}) did not run the small network.` };
  }
  const [fast, slow] = [Math.min(wasm, webgpu), Math.max(wasm, webgpu)];
  const provider: Provider = webgpu < wasm ? "webgpu" : "wasm";
  const words = provider === "webgpu" ? `the GPU (${gpu}) is quicker` : "the processor is quicker";
  return { provider, gpu, why: `Measured here: ${words}, ${fast.toFixed(0)} ms against ${slow.toFixed(0)} ms.` };
}
