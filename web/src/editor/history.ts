/**
 * The steps that were done and can be done again.
 *
 * An act's step holds a patch of the matte. Patches beyond the budget are dropped, those first that are furthest from what
 * is done; such a step is still undone, by replaying acts from a checkpoint on. So there is no end of steps and there is
 * one of memory.
 */
import type { Settable } from "./editor.ts";
import type { Patch } from "./patch.ts";
import type { Act } from "./recipe.ts";
import type { SavedStep } from "./saved.ts";

/** For all patches together: 200 strokes of 300 px across 12 megapixels and back, and thousands of the usual size. */
export const PATCH_BUDGET = 80 * 2 ** 20;

export interface ActStep {
  readonly kind: "act";
  readonly act: Act;
  /** Null where it was dropped, or the matte below it became another one. */
  patch: Patch | null;
  /** Set while a smart stroke waits for its answer and its rough form is shown. */
  asked: AbortController | null;
}

export interface SetStep {
  readonly kind: "set";
  before: Partial<Settable>;
  after: Partial<Settable>;
  readonly gesture: string | null;
}

export type Step = ActStep | SetStep;

export function actStep(act: Act, patch: Patch | null = null): ActStep {
  return { kind: "act", act, patch, asked: null };
}

export class History {
  #steps: Step[];
  #position: number;
  /** Bytes that all patches together may take. */
  readonly budget: number;

  constructor(steps: readonly SavedStep[] = [], position = steps.length, budget = PATCH_BUDGET) {
    this.#steps = steps.map((step) => (step.kind === "act" ? actStep(step.act) : { ...step, gesture: null }));
    this.#position = Math.max(0, Math.min(position, steps.length));
    this.budget = budget;
  }

  get position(): number {
    return this.#position;
  }

  /** The step that undo would take back. */
  get last(): Step | null {
    return this.#steps[this.#position - 1] ?? null;
  }

  /** The step that redo would do. */
  get next(): Step | null {
    return this.#steps[this.#position] ?? null;
  }

  /** Bytes of all patches. */
  get bytes(): number {
    return this.acts.reduce((sum, step) => sum + (step.patch?.bytes ?? 0), 0);
  }

  get isOverfull(): boolean {
    return this.bytes > this.budget;
  }

  /** Done, and those that can be done again. */
  get acts(): readonly ActStep[] {
    return this.#acts(this.#steps);
  }

  get doneActs(): readonly ActStep[] {
    return this.#acts(this.#steps.slice(0, this.#position));
  }

  push(step: Step): void {
    this.#steps.length = this.#position;
    this.#steps.push(step);
    this.#position++;
  }

  back(): Step | null {
    const step = this.last;
    if (step) this.#position--;
    return step;
  }

  forward(): Step | null {
    const step = this.next;
    if (step) this.#position++;
    return step;
  }

  /** Takes `step` out as if it had never been; it must be done. */
  remove(step: Step): void {
    const at = this.#steps.indexOf(step);
    if (at < 0 || at >= this.#position) return;
    this.#steps.splice(at, 1);
    this.#position--;
  }

  /** Patches of what can be done again hold no longer: the matte below them changed. */
  forgetUndone(): void {
    for (const step of this.#acts(this.#steps.slice(this.#position))) step.patch = null;
  }

  /** Makes patches small until `isOver`, then drops what is beyond the budget: whether all are small. */
  pack(isOver: () => boolean): boolean {
    const isPacked = this.acts.every((step) => step.patch?.pack(isOver) ?? true);
    if (isPacked) this.trim();
    return isPacked;
  }

  /** Drops the patches that are the most steps away until they keep to the budget; the nearest ones always stay. */
  trim(): void {
    let bytes = this.bytes;
    const done = this.doneActs.length;
    const far = this.acts.map((step, at) => ({ step, steps: at < done ? done - at : at - done + 1 }));
    for (const { step } of far.filter(({ steps }) => steps > 1).sort((one, other) => other.steps - one.steps)) {
      if (bytes <= this.budget) return;
      if (step.asked || !step.patch) continue;
      bytes -= step.patch.bytes;
      step.patch = null;
    }
  }

  saved(): readonly SavedStep[] {
    return this.#steps.map(
      (step): SavedStep =>
        step.kind === "act" ? { kind: "act", act: step.act } : { kind: "set", before: step.before, after: step.after },
    );
  }

  #acts(steps: readonly Step[]): ActStep[] {
    return steps.filter((step) => step.kind === "act");
  }
}
