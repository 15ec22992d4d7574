/** The networks at work: which provider runs them, what each answers to a photo, one photo after another. */

import type { Where } from "../engines/calls.ts";
import type { EngineClient } from "../engines/client.ts";
import type { Tensor } from "../engines/engine.ts";
import {
  type Chosen,
  choose,
  chosenUnmeasured,
  isSmallDevice,
  type Measured,
  machineOf,
  threadsHere,
} from "../engines/machine.ts";
import { FIRST, finalOf, hasFinal, type Network, networkOf, type Provider } from "../models/manifest.ts";
import type { Passing } from "../models/store.ts";
import type { Weights } from "../models/weights.ts";
import type { Box, Image, Prediction } from "../pictures.ts";
import type { Machine, Progress, Quality, Settings } from "../session.ts";
import { SHARE } from "../steps/afar.ts";
import { activate, normalise, place } from "../steps/predict.ts";
import { rounded } from "./kept.ts";

type Report = (progress: Progress) => void;

/** After so long without work the runtime's memory is given back. */
const [IDLE_MS, IDLE_SMALL_MS] = [120_000, 5_000];

/** What a network is given of a photo. */
export interface Given {
  readonly network: Network;
  readonly canvas: Float32Array;
  readonly inside: Box;
  readonly planes: Float32Array<ArrayBuffer>;
}

/** What a network was given and all that it answered. */
export interface Looked {
  readonly network: Network;
  readonly canvas: Float32Array;
  readonly prediction: Prediction;
  /** The graph's outputs, the matte first. */
  readonly outputs: readonly Tensor[];
}

export class Networks {
  readonly #client: EngineClient;
  readonly #weights: Weights;
  readonly #base: string;
  readonly #settings: Settings;
  #measured: Measured | null;
  #chosen: Chosen | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(client: EngineClient, weights: Weights, base: string, settings: Settings, measured: Measured | null) {
    this.#client = client;
    this.#weights = weights;
    this.#base = base;
    this.#settings = settings;
    this.#measured = measured;
  }

  /** Starts runtime and small network while the photo is still being unpacked. */
  prepare(): void {
    const where = this.#where(this.#early());
    this.#client.warm(where);
    this.#fetched(where, false);
  }

  /** Has the small network ready before there is a photo, unless the person pays for what is fetched. */
  ahead(): void {
    const { connection } = navigator as Navigator & { connection?: { saveData?: boolean; effectiveType?: string } };
    const isDear = connection?.saveData || /2g|3g/.test(connection?.effectiveType ?? "");
    // A page that is not isolated yet may be about to be loaded anew.
    if (isDear || !globalThis.crossOriginIsolated || this.#early() !== "wasm") return;
    const where = this.#where("wasm");
    this.#client.warm(where); // needs no list of networks
    this.#fetched(where, true);
    this.#rest(IDLE_MS); // on small devices too: there is no photo yet that needs the room
  }

  #fetched(where: Where, practises: boolean): void {
    const known = this.#weights.networks();
    known
      .then((networks) => this.#client.ahead(where, networkOf(networks, FIRST, where.provider), practises))
      .catch(() => {}); // a photo will meet the reason
  }

  /** Bytes that a cutout of this quality would fetch now. */
  async cost(quality: Quality): Promise<number> {
    return await this.#weights.cost(await this.#wanted(quality));
  }

  /** Why the networks of this quality are fetched again on the next visit; null where they are kept. */
  async passing(quality: Quality): Promise<Passing | null> {
    return await this.#weights.passing(await this.#wanted(quality));
  }

  async #wanted(quality: Quality): Promise<readonly Network[]> {
    const networks = await this.#weights.networks();
    const first = networkOf(networks, FIRST, this.#early());
    const provider = this.#settings.provider === "webgpu" ? "webgpu" : (this.#measured?.provider ?? "wasm");
    const isFull = quality === "full" && hasFinal(networks, provider);
    return isFull ? [first, networkOf(networks, finalOf(networks), provider)] : [first];
  }

  /** What the small network makes of a photo, by whoever is quickest to start. */
  async first(photo: Image, report: Report, signal: AbortSignal): Promise<Looked> {
    return await this.look(FIRST, this.#early(), photo, report, signal);
  }

  /** What it makes of a photo of few pixels that is shown smaller. */
  async afar(photo: Image, report: Report, signal: AbortSignal): Promise<Looked> {
    return await this.look(FIRST, this.#early(), photo, report, signal, SHARE);
  }

  /** What the large network will be given; null where the page was made without it. */
  async givenFinal(photo: Image, machine: Machine, signal: AbortSignal): Promise<Given | null> {
    const networks = await this.#weights.networks(signal);
    return hasFinal(networks, machine.provider)
      ? givenTo(networkOf(networks, finalOf(networks), machine.provider), photo)
      : null;
  }

  /** Fetches and loads the large network, while somebody draws what the small one answered. */
  async fetchFinal(machine: Machine, report: Report, signal: AbortSignal): Promise<void> {
    const networks = await this.#weights.networks(signal);
    if (!hasFinal(networks, machine.provider)) return;
    const network = networkOf(networks, finalOf(networks), machine.provider);
    this.#client.fetch(this.#where(machine.provider), network, report, signal);
  }

  /** What the large network makes of it. */
  async final(photo: Image, given: Given, report: Report, signal: AbortSignal): Promise<Looked> {
    try {
      return await this.#run(given, given.network.provider, report, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#settings.provider !== "auto" || given.network.provider === "wasm") throw error;
      // Measured to be quicker, the GPU failed all the same: `auto` promised a cutout, not a GPU.
      const why = "The GPU failed while it ran, so the processor does.";
      this.#measured = { provider: "wasm", gpu: this.#measured?.gpu ?? "", why };
      this.#chosen = { machine: machineOf("wasm", why), measured: this.#measured };
      const networks = await this.#weights.networks(signal);
      const instead = networkOf(networks, finalOf(networks), "wasm");
      return await this.#run(givenTo(instead, photo), "wasm", report, signal);
    }
  }

  /** What a network answers at every depth, by the file that has these outputs. */
  async deep(id: string, photo: Image, report: Report, signal: AbortSignal): Promise<Looked> {
    const networks = await this.#weights.networks(signal);
    const network = networks.find((one) => one.id === id && one.depths.length > 0) ?? networkOf(networks, id, "wasm");
    return await this.#run(givenTo(network, photo), this.#early(), report, signal);
  }

  /** Runs one network on a photo, which takes a share of the canvas each way. */
  async look(
    id: string,
    provider: Provider,
    photo: Image,
    report: Report,
    signal: AbortSignal,
    share = 1,
  ): Promise<Looked> {
    const network = networkOf(await this.#weights.networks(signal), id, provider);
    this.#client.warm(this.#where(provider));
    return await this.#run(givenTo(network, photo, share), provider, report, signal);
  }

  async #run(given: Given, provider: Provider, report: Report, signal: AbortSignal): Promise<Looked> {
    clearTimeout(this.#idle);
    try {
      const { network, canvas, inside, planes } = given;
      const { id, input, output } = network;
      const tensor = { data: planes, dims: [1, 3, ...input.size] };
      const where = this.#where(provider);
      const outputs = await this.#client.run(where, network, tensor, report, signal, !isSmallDevice());
      const alpha = activate(outputs[0]!.data, outputs[0]!.dims, input.size, output, id);
      const prediction = rounded({ size: input.size, alpha, inside, model: id, resample: output.resample });
      return { network, canvas, prediction, outputs };
    } finally {
      this.#rest();
    }
  }

  /** Gives the runtime's memory back when it is not used for long. */
  #rest(after_ms = isSmallDevice() ? IDLE_SMALL_MS : IDLE_MS): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#client.stop(), after_ms);
  }

  /** Who draws a small cutout. */
  early(): Machine {
    const why = this.#settings.provider === "auto" ? "The small network is there at once so." : "You chose it.";
    return machineOf(this.#early(), why);
  }

  /** Who runs the large network, where nothing needs to be measured for that. */
  async known(): Promise<Machine | null> {
    this.#chosen ??= await chosenUnmeasured(this.#settings, this.#measured);
    return this.#chosen?.machine ?? null;
  }

  /** Who runs the large network: found out once on a device. */
  async machine(photo: Image, signal: AbortSignal): Promise<Chosen> {
    const time = (provider: Provider, most_ms: number): Promise<number> =>
      this.#timed(provider, most_ms, photo, signal);
    this.#chosen ??= await choose(this.#settings, this.#measured, time);
    this.#measured = this.#chosen.measured ?? this.#measured;
    return this.#chosen;
  }

  /** Milliseconds that a run of the small network takes once it ran before. */
  async #timed(provider: Provider, most_ms: number, photo: Image, signal: AbortSignal): Promise<number> {
    const late = Number.isFinite(most_ms) ? AbortSignal.timeout(most_ms) : null;
    const either = late ? AbortSignal.any([signal, late]) : signal;
    const silent = (): void => {};
    await this.look(FIRST, provider, photo, silent, either);
    const began = performance.now();
    await this.look(FIRST, provider, photo, silent, either);
    return performance.now() - began;
  }

  stop(): void {
    clearTimeout(this.#idle);
    this.#client.stop();
  }

  /** Who draws the first cutout: WebAssembly, which is there at once, unless the person wants the GPU. */
  #early(): Provider {
    return this.#settings.provider === "webgpu" ? "webgpu" : "wasm";
  }

  #where(provider: Provider): Where {
    return { provider, threads: provider === "wasm" ? threadsHere() : 1, base: this.#base };
  }
}

function givenTo(network: Network, photo: Image, share = 1): Given {
  const { input } = network;
  const { canvas, inside } = place(photo, input.size, input, share);
  return { network, canvas, inside, planes: normalise(canvas, input) as Float32Array<ArrayBuffer> };
}
