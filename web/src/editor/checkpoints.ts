/**
 * The matte as it was after every so many acts, packed: from the nearest one the acts to any step are replayed, where the
 * patches that would lead there were dropped. All together keep to a budget: beyond it every other one goes.
 */
import type { Size } from "../pictures.ts";
import type { ActStep } from "./history.ts";
import { EditedMatte } from "./matte.ts";
import type { Patch } from "./patch.ts";

/** Acts from one to the next, at least: as many are replayed in a second or two. */
const APART = 32;

interface Checkpoint {
  /** How many acts are done, and the last of them. */
  readonly count: number;
  readonly step: ActStep;
  /** What they made of the base. */
  readonly patch: Patch;
}

/** A matte to which the first `count` acts are done. */
export interface Reached {
  readonly matte: EditedMatte;
  readonly count: number;
}

export class Checkpoints {
  readonly #size: Size;
  #base: Uint16Array;
  #kept: Checkpoint[] = [];
  readonly #budget: number;

  constructor(size: Size, base: Uint16Array, budget: number) {
    this.#size = size;
    this.#base = base;
    this.#budget = budget;
  }

  get base(): Uint16Array {
    return this.#base;
  }

  get bytes(): number {
    return this.#kept.reduce((sum, { patch }) => sum + patch.bytes, 0);
  }

  get isOverfull(): boolean {
    return this.bytes > this.#budget;
  }

  /** Another matte below all acts: what was kept holds no longer. */
  rebase(base: Uint16Array): void {
    this.#base = base;
    this.#kept = [];
  }

  /** `matte` is what `done` made of the base, of `all` acts that are done or can be done again: keeps it where that is worth it. */
  offer(matte: EditedMatte, done: readonly ActStep[], all: readonly ActStep[]): void {
    this.#kept = this.#kept.filter(({ count, step }) => all[count - 1] === step);
    const before = this.#kept.findLast(({ count }) => count <= done.length)?.count ?? 0;
    const after = this.#kept.find(({ count }) => count > done.length)?.count ?? Infinity;
    if (done.length - before < APART || after - done.length < APART) return;
    this.#kept.push({ count: done.length, step: done.at(-1)!, patch: matte.since(this.#base) });
    this.#kept.sort((one, other) => one.count - other.count);
  }

  /** Makes them small until `isOver`, then drops what is beyond the budget: whether all are small. */
  pack(isOver: () => boolean): boolean {
    const isPacked = this.#kept.every(({ patch }) => patch.pack(isOver));
    while (isPacked && this.#kept.length > 1 && this.isOverfull) this.#thin();
    return isPacked;
  }

  /** The nearest one to what `steps` make that is not beyond it. */
  nearest(steps: readonly ActStep[]): Reached {
    const found = this.#kept.findLast(({ count, step }) => steps[count - 1] === step);
    const matte = new EditedMatte(this.#size, this.#base.slice());
    if (found) matte.redo(found.patch);
    return { matte, count: found?.count ?? 0 };
  }

  /** Drops the one that leaves the least gap; the latest stays as long as there are others. */
  #thin(): void {
    let least = 0;
    let gap = Infinity;
    for (let i = 0; i < this.#kept.length - 1; i++) {
      const between = this.#kept[i + 1]!.count - (this.#kept[i - 1]?.count ?? 0);
      if (between < gap) [least, gap] = [i, between];
    }
    this.#kept.splice(least, 1);
  }
}
