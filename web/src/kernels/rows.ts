/**
 * Pictures as rows of floats. A photo stays in the integers of its file; whoever works on it takes a row at a time as
 * floats in [0, 1], so that a float copy of the whole is never made.
 */
import { type Box, type Image, type Samples, type Size, white } from "../pictures.ts";

/** Integers that fill their range, or floats in [0, 1]. */
export type Numbers = Samples | Float32Array;

/** A picture that is read row by row; `channels` numbers a pixel, side by side. */
export interface Rows {
  readonly size: Size;
  readonly channels: number;
  /** Writes the pixels of row `y` from `left` to before `right` to the start of `into`, in [0, 1]. */
  read(y: number, left: number, right: number, into: Float32Array): void;
}

/** What stands for 1: 255, 65535, or 1 itself. */
export function one(numbers: Numbers): number {
  return numbers instanceof Float32Array ? 1 : white(numbers);
}

/** Each byte in [0, 1], in single precision: looked up in half the time that a division takes. */
const SHARES = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Writes `count` numbers from `from` on to the start of `into`, in [0, 1]. */
export function readNumbers(numbers: Numbers, from: number, count: number, into: Float32Array): void {
  if (numbers instanceof Float32Array) {
    into.set(numbers.subarray(from, from + count));
  } else if (numbers instanceof Uint8Array) {
    for (let i = 0; i < count; i++) into[i] = SHARES[numbers[from + i]!]!;
  } else {
    for (let i = 0; i < count; i++) into[i] = numbers[from + i]! / 65535;
  }
}

/** An array, H×W×`channels`, as rows. */
export function rowsOf(numbers: Numbers, size: Size, channels: number): Rows {
  return {
    size,
    channels,
    read: (y, left, right, into) =>
      readNumbers(numbers, (y * size[1] + left) * channels, (right - left) * channels, into),
  };
}

/** What shows through where a photo itself is transparent: no colour that a subject is cut out on often. */
const BEHIND = 0.5;

/** A photo's colours with grey behind transparent parts: what is hidden there says nothing. */
export function visible(photo: Pick<Image, "size"> & { rgb: Numbers; alpha: Numbers | null }): Rows {
  const { alpha, size } = photo;
  const colours = rowsOf(photo.rgb, size, 3);
  if (alpha === null) return colours;
  const shown = new Float32Array(size[1]);
  return {
    size,
    channels: 3,
    read(y, left, right, into) {
      colours.read(y, left, right, into);
      readNumbers(alpha, y * size[1] + left, right - left, shown);
      for (let x = 0, i = 0; x < right - left; x++) {
        const a = shown[x]!;
        // In single precision as in Python: rounded to bytes, halves must fall to the same side.
        const behind = BEHIND * Math.fround(1 - a);
        for (const end = i + 3; i < end; i++) into[i] = Math.fround(into[i]! * a) + behind;
      }
    },
  };
}

/** A part of a picture. */
export function windowOf(rows: Rows, [top, left, bottom, right]: Box): Rows {
  return {
    size: [bottom - top, right - left],
    channels: rows.channels,
    read: (y, from, to, into) => rows.read(top + y, left + from, left + to, into),
  };
}

/** A picture with its corner (top, left) on a canvas that is zero around it; parts beyond the canvas are cut off. */
export function placed(rows: Rows, corner: readonly [number, number], canvas: Size): Rows {
  const [top, left] = corner;
  const { channels } = rows;
  const part = new Float32Array(rows.size[1] * channels);
  return {
    size: canvas,
    channels,
    read(y, from, to, into) {
      into.fill(0, 0, (to - from) * channels);
      const first = Math.max(from - left, 0);
      const last = Math.min(to - left, rows.size[1]);
      if (y < top || y >= top + rows.size[0] || first >= last) return;
      rows.read(y - top, first, last, part);
      into.set(part.subarray(0, (last - first) * channels), (left + first - from) * channels);
    },
  };
}

/** A picture each of whose rows `change` changes in place: it gets `count` pixels. */
export function changed(rows: Rows, change: (values: Float32Array, count: number) => void): Rows {
  return {
    ...rows,
    read(y, left, right, into) {
      rows.read(y, left, right, into);
      change(into, right - left);
    },
  };
}
