/**
 * What a photo shows behind its subject, guessed from what lies around it: Python's `kernels/surroundings.py`.
 *
 * What is known is averaged over ever larger squares, and each hole takes the average of the smallest square that knows
 * something, smoothed on the way back: the push-pull scheme of S. Gortler, R. Grzeszczuk, R. Szeliski and M. Cohen, "The
 * Lumigraph", SIGGRAPH 1996.
 */
import type { Size } from "../pictures.ts";
import { boxMean } from "./box_sums.ts";
import { halvedLevel } from "./cells.ts";
import { masked, shared } from "./planes.ts";
import type { Marks } from "./windows.ts";

/** Pixels around each over which the backdrop's own variation is measured. */
const AROUND = 10;
const LEAST = 1e-6;

/** The backdrop on a small grid: its colours and how much they vary, 3×h×w in [0, 1]. */
export interface Behind {
  readonly colour: Float32Array;
  readonly variation: Float32Array;
}

/** What is behind `planes` (3×h×w), where `known` marks what shows it bare; null where nothing does. */
export function behind(planes: Float32Array, known: Marks, size: Size): Behind | null {
  if (!known.includes(1)) return null;
  const cells = known.length;
  const share = boxMean(Float32Array.from(known), ...size, AROUND);
  const meansOf = (values: Float32Array): Float32Array =>
    shared(boxMean(masked(values, known), ...size, AROUND), share, LEAST);
  const means = meansOf(planes);
  const squares = meansOf(planes.map((value) => value * value));
  const both = new Float32Array(6 * cells);
  both.set(planes);
  for (let i = 0; i < squares.length; i++) both[3 * cells + i] = Math.sqrt(Math.max(squares[i]! - means[i]! ** 2, 0));
  const result = filled(both, known, size);
  return { colour: result.subarray(0, 3 * cells), variation: result.subarray(3 * cells) };
}

/** `planes` (n×h×w) with what is not `known` continued smoothly from around; zeros where nothing is. */
export function filled(planes: Float32Array, known: Marks, size: Size): Float32Array {
  const [height, width] = size;
  const cells = height * width;
  if (!known.includes(0)) return planes;
  if (cells === 1 || !known.includes(1)) return masked(planes, known);
  const share = halvedLevel({ size, planes: Float32Array.from(known) });
  const sums = halvedLevel({ size, planes: masked(planes, known) });
  const half = share.size;
  const few = half[0] * half[1];
  const coarse = filled(
    shared(sums.planes, share.planes, LEAST),
    Uint8Array.from(share.planes, (part) => (part > 0 ? 1 : 0)),
    half,
  );
  const keep = (values: Float32Array): Float32Array => {
    for (let start = 0; start < planes.length; start += cells) {
      for (let i = 0; i < cells; i++) if (known[i]) values[start + i] = planes[start + i]!;
    }
    return values;
  };
  let result: Float32Array = new Float32Array(planes.length);
  for (let plane = 0, i = 0; plane * cells < planes.length; plane++) {
    for (let y = 0; y < height; y++) {
      const row = plane * few + (y >> 1) * half[1];
      for (let x = 0; x < width; x++, i++) result[i] = coarse[row + (x >> 1)]!;
    }
  }
  result = keep(result);
  for (const radius of [2, 1]) result = keep(boxMean(result, ...size, radius));
  return result;
}
