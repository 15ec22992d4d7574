/** Acts replayed beside what is shown, until they are those of the history, whatever is done in the meantime. */
import type { Size } from "../pictures.ts";
import type { ActStep } from "./history.ts";
import { EditedMatte } from "./matte.ts";
import type { Patch } from "./patch.ts";
import { pause } from "./slices.ts";

/** What is replayed; each is asked anew at every step, as it may have changed. */
export interface Course {
  readonly size: Size;
  readonly signal: AbortSignal;
  base(): Uint16Array;
  wanted(): readonly ActStep[];
  /** Does one of `steps` to `matte`. */
  replay(matte: EditedMatte, steps: readonly ActStep[], step: ActStep): Promise<Patch>;
}

export interface CaughtUp {
  readonly matte: EditedMatte;
  readonly done: readonly (readonly [ActStep, Patch])[];
}

/** Calls `takeOver` in the very moment when nothing is left to do; never, where the signal was given before. */
export async function catchUp(course: Course, takeOver: (caught: CaughtUp) => void): Promise<void> {
  let base = course.base();
  let matte = new EditedMatte(course.size, base.slice());
  let done: [ActStep, Patch][] = [];
  while (!course.signal.aborted) {
    const wanted = course.wanted();
    if (base !== course.base()) {
      base = course.base();
      matte = new EditedMatte(course.size, base.slice());
      done = [];
    } else if (done.some(([step], at) => step !== wanted[at])) {
      matte.apply(done.pop()![1]);
    } else if (done.length < wanted.length) {
      const step = wanted[done.length]!;
      const patch = await course.replay(matte, wanted, step);
      patch.pack(() => false);
      done.push([step, patch]);
    } else {
      takeOver({ matte, done });
      return;
    }
    await pause();
  }
}
