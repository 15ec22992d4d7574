/**
 * Acts done again where their patches are missing or stand on another matte: from the nearest checkpoint on, beside what
 * is shown. The result takes its place once it has caught up with the history, whatever was done in the meantime.
 */
import { smartBox } from "../kernels/smart.ts";
import type { Box } from "../pictures.ts";
import type { Photo, Session } from "../session.ts";
import { type CaughtUp, catchUp } from "./catch_up.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { ActStep, History } from "./history.ts";
import type { EditedMatte } from "./matte.ts";
import { paintAct } from "./painting.ts";
import type { Patch } from "./patch.ts";
import type { Act, Recipe } from "./recipe.ts";
import { deadline, pause } from "./slices.ts";

/** Once so few acts can be undone by their patches, those further back get theirs again. */
const AHEAD = 16;

/** What checkpoints may take beside the patches. */
const CHECKPOINTS = 0.25;

export interface Surroundings {
  readonly photo: Photo;
  readonly session: Pick<Session, "smart">;
  /** The recipe as it stands, with `acts`. */
  recipe(acts: readonly Act[]): Recipe;
  /** The matte changed inside `boxes`. */
  changed(boxes: readonly Box[]): void;
  /** What is done or can be done changed. */
  told(): void;
}

export class Replaying {
  readonly #history: History;
  readonly #around: Surroundings;
  readonly #checkpoints: Checkpoints;
  readonly #takeOver: (levels: Uint16Array) => void;
  readonly #closed = new AbortController();
  #chase: Promise<void> | null = null;
  #isStale = false;
  #isRebased = false;
  #isFilling = false;
  /** How many acts were done when patches were last made ahead. */
  #filledAt = Infinity;

  /** `takeOver` puts other levels in the place of those that are shown. */
  constructor(base: Uint16Array, history: History, around: Surroundings, takeOver: (levels: Uint16Array) => void) {
    this.#history = history;
    this.#around = around;
    this.#takeOver = takeOver;
    this.#checkpoints = new Checkpoints(around.photo.size, base, history.budget * CHECKPOINTS);
  }

  /** What replaying waits for, or null. */
  get chase(): Promise<void> | null {
    return this.#chase;
  }

  /** Whether what is shown is not what the history says. */
  get isBehind(): boolean {
    return this.#chase !== null || this.#isStale;
  }

  get checkpointBytes(): number {
    return this.#checkpoints.bytes;
  }

  /** The acts on another matte. */
  rebase(base: Uint16Array): Promise<void> {
    this.#checkpoints.rebase(base);
    this.#isRebased = true;
    return this.follow();
  }

  /** Replays until the matte shows what the history says. */
  follow(): Promise<void> {
    this.#isStale = true;
    for (const step of this.#history.doneActs) {
      step.asked?.abort();
      step.asked = null;
    }
    this.#chase ??= this.#catchUp().finally(() => {
      this.#chase = null;
      this.#around.told();
    });
    this.#around.told();
    return this.#chase;
  }

  /** `matte` shows what the history says: perhaps it is worth a checkpoint. */
  passed(matte: EditedMatte): void {
    const done = this.#history.doneActs;
    if (!done.some((step) => step.asked)) this.#checkpoints.offer(matte, done, this.#history.acts);
  }

  /** Makes patches small, a slice at a time; at once where they are more than may be kept. */
  async tidy(): Promise<void> {
    if (this.#history.isOverfull) this.#history.pack(() => false);
    if (this.#checkpoints.isOverfull) this.#checkpoints.pack(() => false);
    do await pause();
    while (!this.#closed.signal.aborted && !this.#packed(deadline()));
  }

  #packed(isOver: () => boolean): boolean {
    return this.#history.pack(isOver) && this.#checkpoints.pack(isOver);
  }

  /** Where the patches that undo needs next are missing, they are made again before they are asked for. */
  async lookAhead(): Promise<void> {
    const done = this.#history.doneActs;
    const missing = done.findLastIndex((step) => !step.patch && !step.asked);
    if (this.#isFilling || this.isBehind || missing < 0 || done.length - missing > AHEAD) return;
    // Not at every undo where so many patches are more than may be kept.
    if (done.at(-1)?.patch && Math.abs(done.length - this.#filledAt) < AHEAD / 2) return;
    const steps = done.slice(0, missing + 1);
    this.#isFilling = true;
    this.#filledAt = done.length;
    const isOver = (): boolean =>
      this.#closed.signal.aborted || this.isBehind || steps.some((step, at) => this.#history.acts[at] !== step);
    try {
      await catchUp({ ...this.#course(), isOver, wanted: () => steps }, ({ done: again }) => {
        for (const { step, patch } of again) step.patch ??= patch;
        this.#history.trim();
      });
    } finally {
      this.#isFilling = false;
    }
  }

  /** Asks the session what the smart stroke `step` makes of `alpha` inside `box`. */
  ask(
    steps: readonly ActStep[],
    step: ActStep,
    box: Box,
    alpha: Float32Array,
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const acts = steps.slice(0, steps.indexOf(step) + 1).map((one) => one.act);
    const recipe = this.#around.recipe(acts);
    return this.#around.session.smart(this.#around.photo, recipe, acts.length - 1, box, alpha, signal);
  }

  close(): void {
    this.#closed.abort();
  }

  #course() {
    return {
      budget: this.#history.budget,
      base: () => this.#checkpoints.base,
      start: (steps: readonly ActStep[]) => this.#checkpoints.nearest(steps),
      replay: (matte: EditedMatte, steps: readonly ActStep[], step: ActStep) => this.#replay(matte, steps, step),
      passed: (matte: EditedMatte, steps: readonly ActStep[]) =>
        this.#checkpoints.offer(matte, steps, this.#history.acts),
    };
  }

  async #catchUp(): Promise<void> {
    const isOver = (): boolean => this.#closed.signal.aborted;
    await catchUp({ ...this.#course(), isOver, wanted: () => this.#history.doneActs }, (caught) => this.#end(caught));
  }

  async #replay(matte: EditedMatte, steps: readonly ActStep[], step: ActStep): Promise<Patch> {
    const box = smartBoxOf(step.act, matte);
    if (box) matte.write(box, await this.ask(steps, step, box, matte.read(box), this.#closed.signal));
    else paintAct(matte, this.#around.photo, step.act);
    return matte.seal();
  }

  #end({ matte, done }: CaughtUp): void {
    for (const { step, patch } of done) if (patch || this.#isRebased) step.patch = patch;
    if (this.#isRebased) this.#history.forgetUndone();
    this.#history.trim();
    this.#isStale = false;
    this.#isRebased = false;
    this.#takeOver(matte.levels);
    void this.tidy();
  }
}

/** The box of a smart stroke; null for every other act. */
export function smartBoxOf(act: Act, matte: EditedMatte): Box | null {
  return act.kind === "stroke" && act.is_smart ? smartBox(matte.size, act) : null;
}
