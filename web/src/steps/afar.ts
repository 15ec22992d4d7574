/** Whether a photo of few pixels is looked at once more, from afar, and counts; Python's `steps/afar.py` says why. */
import { apart } from "../kernels/apart.ts";
import { resize } from "../kernels/resample.ts";
import type { Matte, Prediction } from "../pictures.ts";
import { shown } from "./refine.ts";

/** Of the canvas each way: what the photo takes up. */
export const SHARE = 5 / 8;
/** Cells of the network's answer around what is one network's alone: less would be another edge of the same subject. */
const INSIDE = 3;
/** Share of what either sees from which on they see different subjects. */
const OTHERS = 0.125;
/** What two looks of one network must share, of all that either sees, to be looks at one subject. */
const SAME = 0.25;

/** Whether two networks see different subjects. */
export function differ(drawn: Prediction, seen: Prediction): boolean {
  const [, share] = apart(pair(drawn, seen), shown(seen).size, INSIDE);
  return share > OTHERS;
}

/** Whether one network sees the same from afar. */
export function isSame(seen: Prediction, afar: Prediction): boolean {
  const [near, far] = pair(seen, afar);
  const both = near.reduce((sum, alpha, at) => sum + Math.min(alpha, far[at]!), 0);
  const either = near.reduce((sum, alpha, at) => sum + Math.max(alpha, far[at]!), 0);
  return both >= SAME * Math.max(either, 1e-6);
}

/** Two mattes at the size of the second. */
function pair(one: Prediction, other: Prediction): readonly [Float32Array, Float32Array] {
  const [first, second]: readonly Matte[] = [shown(one), shown(other)];
  return [resize(first!.alpha, first!.size, second!.size, "box"), second!.alpha];
}
