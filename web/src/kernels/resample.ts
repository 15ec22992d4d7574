/** Changing the size of arrays in float, antialiased, by Pillow's well-defined filters. */
import type { Resample, Size } from "../pictures.ts";
import { filtered, tapsOf } from "./filters.ts";
import { halved } from "./halve.ts";
import { type Rows, rowsOf } from "./rows.ts";
import { enlarged } from "./sampled.ts";

/** Filters whose results may leave the range of their input. */
export const OVERSHOOTING: ReadonlySet<Resample> = new Set<Resample>(["bicubic", "lanczos"]);
const HALVED_FROM = 2.5;

/**
 * `array` (H×W×`channels`) at the size `to`, pixel areas aligned at the outer edges; the very same one where that is its
 * size. When it shrinks, the filter's support grows with the ratio, so that nothing aliases. `box` and `bilinear` stay
 * within the range of their input; `bicubic` and `lanczos` overshoot at edges.
 */
export function resize(array: Float32Array, size: Size, to: Size, resample: Resample, channels = 1): Float32Array {
  if (size[0] === to[0] && size[1] === to[1]) return array;
  if (resample === "bilinear" && channels === 1 && to[0] >= size[0] && to[1] >= size[1]) {
    return enlarged(array, size, to);
  }
  return gathered(resizedRows(rowsOf(array, size, channels), to, resample));
}

/** As `resize`, made as it is read: only what the filter looks at is held. Quick where rows are asked for in order. */
export function resizedRows(rows: Rows, to: Size, resample: Resample): Rows {
  const [height, width] = rows.size;
  return filtered(
    rows,
    height === to[0] ? null : tapsOf(height, to[0], resample),
    width === to[1] ? null : tapsOf(width, to[1], resample),
  );
}

/** As `resize`, quicker for large pictures: they are halved first, so that the filter still has a quarter to shrink. */
export function shrink(rows: Rows, to: Size, resample: Resample): Float32Array {
  let smaller = rows;
  for (let ratio = Math.min(rows.size[0] / to[0], rows.size[1] / to[1]); ratio >= HALVED_FROM; ratio /= 2) {
    smaller = halved(smaller);
  }
  return gathered(resizedRows(smaller, to, resample));
}

/** All rows as one array, H×W×channels. */
export function gathered(rows: Rows): Float32Array {
  const [height, width] = rows.size;
  const length = width * rows.channels;
  const result = new Float32Array(height * length);
  for (let y = 0; y < height; y++) rows.read(y, 0, width, result.subarray(y * length, (y + 1) * length));
  return result;
}
