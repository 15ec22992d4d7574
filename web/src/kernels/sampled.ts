/** Reduced arrays at full size, bilinear, whole or a window of them. */
import type { Size } from "../pictures.ts";
import { clamped } from "./rounding.ts";
import { heightOf, type Window, widthOf } from "./windows.ts";

/** `plane` (h×w) at the size `full`, which is no smaller either way. */
export function enlarged(plane: Float32Array, small: Size, full: Size): Float32Array {
  const [height, width] = full;
  const result = new Float32Array(height * width);
  const across = between(0, width, small[1], width);
  const down = between(0, height, small[0], height);
  let upper = new Float32Array(width);
  let lower = new Float32Array(width);
  let at = -2;
  for (let y = 0; y < height; y++) {
    const before = down.before[y]!;
    if (before !== at) {
      if (before === at + 1) [upper, lower] = [lower, upper];
      else spread(plane, before * small[1], small[1], across, upper);
      spread(plane, Math.min(before + 1, small[0] - 1) * small[1], small[1], across, lower);
      at = before;
    }
    const gone = down.gone[y]!;
    for (let x = 0, i = y * width; x < width; x++, i++) result[i] = upper[x]! + gone * (lower[x]! - upper[x]!);
  }
  return result;
}

/**
 * What `window` (in pixels of a picture of size `full`) shows of `planes` (n×h×w, of size `small` each), bilinear, n×…
 *
 * Pixel areas are aligned at the outer edges, as in `resample.ts`; for arrays that are enlarged.
 */
export function sampled(planes: Float32Array, small: Size, window: Window, full: Size): Float32Array {
  const [height, width] = [heightOf(window), widthOf(window)];
  const count = planes.length / (small[0] * small[1]);
  const result = new Float32Array(count * height * width);
  const read = sampledRows(planes, small, window, full);
  for (let plane = 0, i = 0; plane < count; plane++) {
    for (let y = 0; y < height; y++, i += width) read(plane, y, 0, width, result.subarray(i, i + width));
  }
  return result;
}

/** As `sampled`, row by row: writes columns `from` to `to` of row `y` of a plane at their places in `into`. */
export function sampledRows(
  planes: Float32Array,
  small: Size,
  window: Window,
  full: Size,
): (plane: number, y: number, from: number, to: number, into: Float32Array) => void {
  const cells = small[0] * small[1];
  const down = between(window[0], window[2], small[0], full[0]);
  const across = between(window[1], window[3], small[1], full[1]);
  const mixed = new Float32Array(small[1]);
  return (plane, y, from, to, into) => {
    if (from >= to) return;
    const upper = plane * cells + down.before[y]! * small[1];
    const lower = plane * cells + Math.min(down.before[y]! + 1, small[0] - 1) * small[1];
    const gone = down.gone[y]!;
    const stop = Math.min(across.before[to - 1]! + 2, small[1]);
    for (let x = across.before[from]!; x < stop; x++) {
      mixed[x] = planes[upper + x]! * (1 - gone) + planes[lower + x]! * gone;
    }
    spread(mixed, 0, small[1], across, into, from, to);
  };
}

/** The cells of an array of size `small` that `sampled` looks at for a window. */
export function lookedAt(window: Window, small: Size, full: Size): Window {
  const first = (start: number, short: number, long: number): number => Math.floor(place(start, short, long));
  const last = (stop: number, short: number, long: number): number => Math.min(first(stop - 1, short, long) + 2, short);
  return [
    first(window[0], small[0], full[0]),
    first(window[1], small[1], full[1]),
    last(window[2], small[0], full[0]),
    last(window[3], small[1], full[1]),
  ];
}

interface Between {
  /** For each pixel the cell before its centre. */
  readonly before: Int32Array;
  /** How far it has gone to the next one. */
  readonly gone: Float32Array;
}

function between(start: number, stop: number, short: number, long: number): Between {
  const before = new Int32Array(stop - start);
  const gone = new Float32Array(stop - start);
  for (let i = 0; i < before.length; i++) {
    const at = place(start + i, short, long);
    before[i] = Math.floor(at);
    gone[i] = at - before[i]!;
  }
  return { before, gone };
}

function place(pixel: number, short: number, long: number): number {
  return clamped((pixel + 0.5) * (short / long) - 0.5, 0, short - 1);
}

/** Writes a row of `count` cells, from `from` on, at the pixels of `across`, or at those from `left` to `right`. */
function spread(
  cells: Float32Array,
  from: number,
  count: number,
  { before, gone }: Between,
  into: Float32Array,
  left = 0,
  right = before.length,
): void {
  for (let x = left; x < right; x++) {
    const cell = before[x]!;
    const value = cells[from + cell]!;
    const after = cell + 1 < count ? cells[from + cell + 1]! : value;
    into[x] = value + gone[x]! * (after - value);
  }
}
