/** Windows of large arrays: where the work is, and what lies around it. */
import type { Box, Size } from "../pictures.ts";

/** (top, left, bottom, right), inside the array. */
export type Window = Box;

/** 1 where something is marked, else 0; h×w. */
export type Marks = Uint8Array;

export const heightOf = (window: Window): number => window[2] - window[0];
export const widthOf = (window: Window): number => window[3] - window[1];

/** Marks where `is` holds of a number. */
export function markedWhere(values: Float32Array, is: (value: number, at: number) => boolean): Marks {
  const marks = new Uint8Array(values.length);
  for (let i = 0; i < marks.length; i++) if (is(values[i]!, i)) marks[i] = 1;
  return marks;
}

/** The squares of `step` pixels that cover a window; the last ones are cut off at its ends. */
export function* grid(size: Size, step: number): Generator<Window> {
  for (let top = 0; top < size[0]; top += step) {
    for (let left = 0; left < size[1]; left += step) {
      yield [top, left, Math.min(top + step, size[0]), Math.min(left + step, size[1])];
    }
  }
}

/** For each square of the grid that holds marks, the box of them, grown by `reach` pixels. */
export function* around(marks: Marks, size: Size, step: number, reach: number): Generator<Window> {
  for (const square of grid(size, step)) {
    const box = boxOf(marks, size[1], square);
    if (box) yield grown(box, reach, size);
  }
}

/** The box of the marks in a window of an array that is `width` wide, or null. */
export function boxOf(marks: Marks, width: number, window: Window): Window | null {
  let [top, left, bottom, right] = [window[2], window[3], window[0], window[1]];
  for (let y = window[0]; y < window[2]; y++) {
    const row = marks.subarray(y * width + window[1], y * width + window[3]);
    const first = row.indexOf(1);
    if (first < 0) continue;
    if (y < top) top = y;
    bottom = y + 1;
    left = Math.min(left, window[1] + first);
    right = Math.max(right, window[1] + row.lastIndexOf(1) + 1);
  }
  return top < bottom ? [top, left, bottom, right] : null;
}

/** The window with `reach` pixels around it, as far as the array goes. */
export function grown(window: Window, reach: number, size: Size): Window {
  return [
    Math.max(0, window[0] - reach),
    Math.max(0, window[1] - reach),
    Math.min(size[0], window[2] + reach),
    Math.min(size[1], window[3] + reach),
  ];
}

/** Half the size, ⌈h/2⌉×⌈w/2⌉: a mark wherever one of the 2×2 pixels has one. */
export function halvedMarks(marks: Marks, size: Size): Marks {
  const [height, width] = size;
  const half = (width + 1) >> 1;
  const result = new Uint8Array(((height + 1) >> 1) * half);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) if (marks[i]) result[(y >> 1) * half + (x >> 1)] = 1;
  }
  return result;
}

/** A window of an array of `channels` numbers a pixel, on its own. */
export function cut(array: Float32Array, width: number, window: Window, channels = 1): Float32Array {
  const length = widthOf(window) * channels;
  const result = new Float32Array(heightOf(window) * length);
  for (let y = window[0], i = 0; y < window[2]; y++, i += length) {
    const from = (y * width + window[1]) * channels;
    result.set(array.subarray(from, from + length), i);
  }
  return result;
}
