/** Blurring by a Gaussian: its weights, and planes that carry a border with them. */
import type { Size } from "../pictures.ts";
import type { Plane } from "./discs.ts";
import { resize } from "./resample.ts";
import { clamped } from "./rounding.ts";
import { cut, heightOf, type Window, widthOf } from "./windows.ts";

/** Cells beyond the border that a blur at reduced size has. */
export const BEYOND = 2;
/** What rounding leaves of a sum of taps. */
const EXACT = 1e-5;

/** Weights of a Gaussian of `sigma` pixels, as far as three of them; their sum is 1. */
export function gaussian(sigma: number): Float32Array {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / Math.max(sigma, 1e-3)) ** 2),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return Float32Array.from(taps, (tap) => tap / sum);
}

/** What is left of `around` when rows and columns are weighted by `taps`: less by half of them on each side. */
export function weighed(around: Plane, taps: Float32Array): Float32Array {
  const { values, width: stride } = around;
  const middle = taps.length >> 1;
  const [height, width] = [around.height - 2 * middle, stride - 2 * middle];
  const sums = new Float64Array(stride);
  const result = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let tap = 0; tap < taps.length; tap++) {
      const weight = taps[tap]!;
      for (let x = 0, i = (y + tap) * stride; x < stride; x++, i++) sums[x]! += weight * values[i]!;
    }
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap++) sum += taps[tap]! * sums[x + tap]!;
      result[y * width + x] = sum;
    }
  }
  return result;
}

/** `blurred` with exactly 0 and 1 where only rounding says otherwise, in place. */
export function settle(blurred: Float32Array): Float32Array {
  for (let i = 0; i < blurred.length; i++) {
    if (blurred[i]! < EXACT) blurred[i] = 0;
    else if (blurred[i]! > 1 - EXACT) blurred[i] = 1;
  }
  return blurred;
}

/** The window with `reach` pixels around it; beyond the border the border is repeated. */
export function framed(alpha: Float32Array, size: Size, window: Window, reach: number): Plane {
  const [height, width] = [heightOf(window) + 2 * reach, widthOf(window) + 2 * reach];
  const values = new Float32Array(height * width);
  const left = window[1] - reach;
  const first = Math.max(0, -left);
  const last = Math.min(width, size[1] - left);
  for (let y = 0; y < height; y++) {
    const from = clamped(window[0] - reach + y, 0, size[0] - 1) * size[1] + left;
    const row = values.subarray(y * width, (y + 1) * width);
    row.set(alpha.subarray(from + first, from + last), first);
    row.fill(row[first]!, 0, first).fill(row[last - 1]!, last);
  }
  return { height, width, values };
}

/** A plane with its border repeated `reach` times. */
export function padded(plane: Plane, reach: number): Plane {
  const size: Size = [plane.height, plane.width];
  return framed(plane.values, size, [0, 0, ...size], reach);
}

/** Means of `step`×`step` pixels; the last ones as if the border were repeated. */
export function reduced(alpha: Float32Array, size: Size, step: number): Plane {
  const [height, width] = [Math.ceil(size[0] / step), Math.ceil(size[1] / step)];
  const sums = new Float64Array(height * width);
  for (let y = 0; y < height * step; y++) {
    const row = Math.min(y, size[0] - 1) * size[1];
    for (let cell = 0; cell < width; cell++) {
      let sum = 0;
      const end = (cell + 1) * step;
      for (let x = cell * step; x < Math.min(end, size[1]); x++) sum += alpha[row + x]!;
      if (end > size[1]) sum += (end - size[1]) * alpha[row + size[1] - 1]!;
      sums[Math.floor(y / step) * width + cell]! += sum;
    }
  }
  return { height, width, values: Float32Array.from(sums, (sum) => sum / (step * step)) };
}

/** What `window` (in pixels) shows of cells with `BEYOND` more around, each of which is `step`×`step` pixels, bicubic. */
export function enlargedCells(cells: Plane, window: Window, step: number): Float32Array {
  const [top, left, bottom, right] = window.map((at) => at + BEYOND * step) as unknown as Window;
  const part: Window = [
    Math.max(0, Math.floor(top / step) - BEYOND),
    Math.max(0, Math.floor(left / step) - BEYOND),
    Math.min(cells.height, Math.ceil(bottom / step) + BEYOND),
    Math.min(cells.width, Math.ceil(right / step) + BEYOND),
  ];
  const size: Size = [heightOf(part), widthOf(part)];
  const large: Size = [size[0] * step, size[1] * step];
  const drawn = resize(cut(cells.values, cells.width, part), size, large, "bicubic");
  const [y, x] = [part[0] * step, part[1] * step];
  const shown = cut(drawn, large[1], [top - y, left - x, bottom - y, right - x]);
  return settle(shown.map((value) => clamped(value, 0, 1)));
}
