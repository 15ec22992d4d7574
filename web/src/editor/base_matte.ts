/** The matte that acts are drawn on: made anew where a setting changes that it is made with. */
import type { Recipe } from "./recipe.ts";

const OF_THE_MATTE = ["subject", "transparency", "low_resolution", "method", "screen", "despill"] as const;

/** What the open document does for it. */
interface Surroundings {
  /** The matte that a recipe begins with. */
  readonly ask: (recipe: Recipe, signal: AbortSignal) => Promise<Float32Array>;
  /** Draws the acts on it. */
  readonly rebase: (alpha: Float32Array) => Promise<void>;
  readonly complain: (error: unknown) => void;
  readonly told: () => void;
}

export class BaseMatte {
  readonly #around: Surroundings;
  #asked: AbortController | null = null;
  #made: Promise<void> = Promise.resolve();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get isBusy(): boolean {
    return this.#asked !== null;
  }

  /** Resolves when the matte is that of the settings. */
  get made(): Promise<void> {
    return this.#made;
  }

  /** The settings changed: another matte is made where they ask for one. */
  changed(before: Recipe, now: Recipe): void {
    if (OF_THE_MATTE.every((name) => before[name] === now[name])) return;
    this.#made = this.#asking(async (signal) => {
      const alpha = await this.#around.ask(now, signal);
      if (!signal.aborted) await this.#around.rebase(alpha);
    }).catch((error: unknown) => this.#around.complain(error));
  }

  /** Whether there is a matte for these settings: not every method is for every photo. Raises what speaks against it. */
  async isFor(recipe: Recipe): Promise<boolean> {
    let isMade = false;
    await this.#asking(async (signal) => {
      await this.#around.ask(recipe, signal);
      isMade = !signal.aborted;
    });
    return isMade;
  }

  stop(): void {
    this.#asked?.abort();
    this.#asked = null;
  }

  /** Only the last that asks is heard. */
  async #asking(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.stop();
    const asked = new AbortController();
    this.#asked = asked;
    try {
      await work(asked.signal);
    } catch (error) {
      if (!asked.signal.aborted) throw error;
    } finally {
      if (this.#asked === asked) {
        this.#asked = null;
        this.#around.told();
      }
    }
  }
}
