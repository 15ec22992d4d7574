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
    boxMean(
      values.map((value, at) => value * known[at % cells]!),
      ...size,
      AROUND,
    ).map((mean, at) => mean / Math.max(share[at % cells]!, LEAST));
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
  if (cells === 1 || !known.includes(1)) return planes.map((value, at) => (known[at % cells] ? value : 0));
  const weighed = planes.map((value, at) => value * known[at % cells]!);
  const share = halvedLevel({ size, planes: Float32Array.from(known) });
  const sums = halvedLevel({ size, planes: weighed });
  const half = share.size;
  const few = half[0] * half[1];
  const coarse = filled(
    sums.planes.map((sum, at) => sum / Math.max(share.planes[at % few]!, LEAST)),
    Uint8Array.from(share.planes, (part) => (part > 0 ? 1 : 0)),
    half,
  );
  const keep = (values: Float32Array): Float32Array =>
    values.map((value, at) => (known[at % cells] ? planes[at]! : value));
  let result = keep(
    planes.map((_, at) => {
      const [plane, place] = [Math.floor(at / cells), at % cells];
      return coarse[plane * few + (Math.floor(place / width) >> 1) * half[1] + ((place % width) >> 1)]!;
    }),
  );
  for (const radius of [2, 1]) result = keep(boxMean(result, ...size, radius));
  return result;
}
