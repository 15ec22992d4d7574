/** The engine's worker from outside: started when it is wanted, ended to cancel, started again when it is lost. */
import { FeathercutError } from "../errors.ts";
import type { Network } from "../models/manifest.ts";
import type { Progress } from "../session.ts";
import { whenGone } from "../worker/alive.ts";
import { Asker, type Channel } from "../worker/bridge.ts";
import type { EngineCalls, Where } from "./calls.ts";
import type { Tensor } from "./engine.ts";

/** What is needed of a Worker. */
export interface Thread extends Channel {
  terminate(): void;
  addEventListener(type: "message", heard: (event: MessageEvent) => void): void;
  addEventListener(type: "error" | "messageerror", heard: (event: Event) => void): void;
}

export type Spawn = () => Thread;

interface Running {
  readonly thread: Thread;
  readonly asker: Asker<EngineCalls>;
  readonly where: Where;
  /** Files of the networks that were loaded. */
  readonly loaded: Set<string>;
  /** What was asked of it so far: nothing, to be ready and practised, to be ready for a photo that came, to run. */
  stage: "new" | "practises" | "ready" | "runs";
}

export class EngineClient {
  readonly #spawn: Spawn;
  #running: Running | null = null;

  constructor(spawn: Spawn) {
    this.#spawn = spawn;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Starts worker and runtime, if they are not; nothing is waited for. */
  warm(where: Where): void {
    const { asker } = this.#at(where);
    if (asker.open === 0) asker.ask("start", where).catch(() => {}); // whoever needs it will meet the reason
  }

  /**
   * Makes worker, runtime and a network ready, unless they were asked to run something; nothing is waited for.
   * `practises`: there is no photo yet.
   */
  ahead(where: Where, network: Network, practises: boolean): void {
    const running = this.#at(where);
    if (running.stage === "runs" || running.stage === "ready" || (practises && running.stage === "practises")) return;
    running.stage = practises ? "practises" : "ready";
    const noted = (): unknown => running.loaded.add(network.file);
    running.asker.ask("ahead", { where, network, practises }).then(noted, () => {}); // whoever needs it will meet the reason
  }

  /**
   * Fetches and loads a network that will be run before long, while what ran before is worked on; nothing is waited for.
   * Its progress is told, and whoever runs it will meet what went wrong.
   */
  fetch(where: Where, network: Network, report: (progress: Progress) => void, signal: AbortSignal): void {
    const running = this.#at(where);
    running.stage = "runs";
    this.#load(running, network, true, report, signal).catch(() => {});
  }

  /**
   * The outputs of a network for an input, fetched and loaded where it must be.
   *
   * `keepsOthers` leaves loaded networks where they are, for the next photo. A worker that is lost is started once more;
   * raises FeathercutError "device" where it is lost again, what loading and running raise, or the signal's reason: the
   * worker is then ended, as nothing else stops a network that runs.
   */
  async run(
    where: Where,
    network: Network,
    input: Tensor,
    report: (progress: Progress) => void,
    signal: AbortSignal,
    keepsOthers = true,
  ): Promise<readonly Tensor[]> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(where, network, input, report, signal, keepsOthers);
      } catch (error) {
        signal.throwIfAborted();
        const isLost = error instanceof FeathercutError && (error.code === "device" || error.code === "network");
        if (!isLost) throw error;
        this.stop();
        if (attempt > 0) throw error;
      }
    }
  }

  /** Ends the worker: its memory goes, and what it was doing fails. */
  stop(reason: unknown = new DOMException("The engine was ended", "AbortError")): void {
    const running = this.#running;
    this.#running = null;
    running?.thread.terminate();
    running?.asker.fail(reason);
  }

  async #once(
    where: Where,
    network: Network,
    input: Tensor,
    report: (progress: Progress) => void,
    signal: AbortSignal,
    keepsOthers: boolean,
  ): Promise<readonly Tensor[]> {
    signal.throwIfAborted();
    const running = this.#at(where);
    running.stage = "runs";
    let isFetching = !running.loaded.has(network.file);
    const abort = (): void => {
      // A download lets go of its file by itself, which another worker could not open before.
      if (this.#running === running && !isFetching) this.stop(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
      const told = (progress: Progress): void => {
        isFetching = progress.stage === "download" && progress.done < progress.total;
        report(progress);
      };
      const loaded = this.#load(running, network, keepsOthers, told, signal);
      // Asked at once: who asks may be at work on something else when the network is there.
      const outputs = running.asker.ask("run", { file: network.file, input }, signal);
      outputs.catch(() => {}); // where loading failed, that is the reason
      await loaded;
      isFetching = false;
      report({ stage: "run", what: network.id, done: 0, total: 0, left_s: null });
      return await outputs;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #load(
    { asker, where, loaded }: Running,
    network: Network,
    keepsOthers: boolean,
    told: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const keeps = keepsOthers ? [...loaded] : [];
    await asker.ask("load", { where, network, keeps }, signal, told);
    if (!keepsOthers) loaded.clear();
    loaded.add(network.file);
  }

  #at(where: Where): Running {
    const now = this.#running?.where;
    const fits = now?.provider === where.provider && now.threads === where.threads && now.base === where.base;
    if (this.#running && fits) return this.#running;
    this.stop();
    const thread = this.#spawn();
    const running: Running = { thread, asker: new Asker(thread), where, loaded: new Set(), stage: "new" };
    const lost = (event?: Event): void => {
      const said = event && "message" in event && event.message ? `: ${String(event.message)}` : "";
      const reason = new FeathercutError("device", `What runs the networks stopped${said}. Try again`);
      if (this.#running === running) this.stop(reason);
    };
    thread.addEventListener("error", lost);
    thread.addEventListener("messageerror", lost);
    whenGone(thread, lost);
    this.#running = running;
    return running;
  }
}
