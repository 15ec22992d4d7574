/** Acts replayed beside what is shown, until they are those of the history, whatever is done in the meantime. */
import type { Reached } from "./checkpoints.ts";
import type { ActStep } from "./history.ts";
import type { EditedMatte } from "./matte.ts";
import type { Patch } from "./patch.ts";
import { pause } from "./slices.ts";

/** What is replayed; each is asked anew at every step, as it may have changed. */
export interface Course {
  /** Bytes that patches may take. */
  readonly budget: number;
  /** Whether nobody waits for it any more. */
  isOver(): boolean;
  base(): Uint16Array;
  wanted(): readonly ActStep[];
  /** A matte to begin with, on the way to `steps`. */
  start(steps: readonly ActStep[]): Reached;
  /** Does one of `steps` to `matte`. */
  replay(matte: EditedMatte, steps: readonly ActStep[], step: ActStep): Promise<Patch>;
  /** `matte` is what `steps` make. */
  passed(matte: EditedMatte, steps: readonly ActStep[]): void;
}

interface Done {
  readonly step: ActStep;
  /** Null where it was done before the start, or is too far back to be kept. */
  patch: Patch | null;
}

export interface CaughtUp {
  readonly matte: EditedMatte;
  readonly done: readonly Done[];
}

/** Calls `takeOver` in the very moment when nothing is left to do; never, where it is over before. */
export async function catchUp(course: Course, takeOver: (caught: CaughtUp) => void): Promise<void> {
  let base: Uint16Array | null = null;
  let matte: EditedMatte | null = null;
  let done: Done[] = [];
  while (!course.isOver()) {
    const wanted = course.wanted();
    if (!matte || base !== course.base()) {
      base = course.base();
      const reached = course.start(wanted);
      matte = reached.matte;
      done = wanted.slice(0, reached.count).map((step) => ({ step, patch: null }));
    } else if (done.some(({ step }, at) => step !== wanted[at])) {
      const last = done.pop()!;
      if (last.patch) matte.undo(last.patch);
      else matte = null;
    } else if (done.length < wanted.length) {
      const step = wanted[done.length]!;
      const patch = await course.replay(matte, wanted, step);
      patch.pack(() => false);
      done.push({ step, patch });
      forgetOldest(done, course.budget);
      course.passed(matte, wanted.slice(0, done.length));
    } else {
      takeOver({ matte, done });
      return;
    }
    await pause();
  }
}

function forgetOldest(done: readonly Done[], budget: number): void {
  let bytes = done.reduce((sum, { patch }) => sum + (patch?.bytes ?? 0), 0);
  for (const one of done) {
    if (bytes <= budget) return;
    bytes -= one.patch?.bytes ?? 0;
    one.patch = null;
  }
}
