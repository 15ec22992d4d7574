/** Where mattes of one photo see different subjects, and not merely another edge of the same one. */
import type { Size } from "../pictures.ts";
import { smallest } from "./extremes.ts";
import type { Marks } from "./windows.ts";

/** Mattes are apart where they differ by more than this; what is more than this in one of them is a subject. */
const APART = 0.5;

/**
 * Marks the pixels where mattes are apart, with all pixels for so many `around`, and their share of the subjects.
 *
 * Mattes are h×w in [0, 1], the marks h×w. The share is that of what any matte takes for a subject, in [0, 1]; edges that
 * lie elsewhere by less than twice `around` have none.
 */
export function apart(mattes: readonly Float32Array[], size: Size, around: number): readonly [Marks, number] {
  const most = mattes.reduce((high, other) => high.map((alpha, at) => Math.max(alpha, other[at]!)));
  const least = mattes.reduce((low, other) => low.map((alpha, at) => Math.min(alpha, other[at]!)));
  const between = most.map((alpha, at) => alpha - least[at]!);
  const marks = Uint8Array.from(smallest(between, size, around), (by) => (by > APART ? 1 : 0));
  const count = marks.reduce((sum, mark) => sum + mark, 0);
  const subject = most.reduce((sum, alpha) => sum + (alpha > APART ? 1 : 0), 0);
  return [marks, count / Math.max(subject, 1)];
}
