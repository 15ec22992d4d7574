/** Changing the size of pictures in bytes, for recipes that were published with it; all else is resized in float. */
import type { Resample, Size } from "../pictures.ts";
import { type Taps, tapsOf } from "./filters.ts";
import { roundEven } from "./rounding.ts";
import type { Rows } from "./rows.ts";

const BITS = 22;

/** A picture at the size `to`, in [0, 1], reduced in bytes as Pillow does: rounded and clipped after each pass. */
export function resizeBytes(rows: Rows, to: Size, resample: Resample): Float32Array {
  const { size, channels } = rows;
  const wide = new Uint8Array(size[0] * to[1] * channels);
  const across = wholeTaps(size[1], to[1], resample);
  const values = new Float32Array(size[1] * channels);
  const bytes = new Uint8Array(size[1] * channels);
  for (let y = 0; y < size[0]; y++) {
    rows.read(y, 0, size[1], values);
    for (let i = 0; i < values.length; i++) bytes[i] = roundEven(Math.fround(values[i]! * 255));
    weigh(bytes, across, channels, wide.subarray(y * to[1] * channels));
  }
  const result = new Uint8Array(to[0] * to[1] * channels);
  const length = to[1] * channels;
  weigh(wide, wholeTaps(size[0], to[0], resample), length, result);
  return Float32Array.from(result, (value) => value / 255);
}

/** Weights in whole numbers, of which 2²² is 1. None where the size stays as it is. */
function wholeTaps(before: number, after: number, resample: Resample): Taps | null {
  if (before === after) return null;
  const taps = tapsOf(before, after, resample);
  for (let i = 0; i < taps.weights.length; i++) {
    const weight = taps.weights[i]! * 2 ** BITS;
    taps.weights[i] = Math.trunc(weight + (weight < 0 ? -0.5 : 0.5));
  }
  return taps;
}

/** Weighs groups of `length` numbers, each with those at its place in other groups: pixels of a row, or rows. */
function weigh(values: Uint8Array, taps: Taps | null, length: number, into: Uint8Array): void {
  if (taps === null) {
    into.set(values.subarray(0, Math.min(values.length, into.length)));
    return;
  }
  const { first, counts, weights, most } = taps;
  for (let place = 0; place < first.length; place++) {
    for (let i = 0; i < length; i++) {
      let sum = 2 ** (BITS - 1);
      let at = first[place]! * length + i;
      for (let tap = place * most, end = tap + counts[place]!; tap < end; tap++, at += length) {
        sum += weights[tap]! * values[at]!;
      }
      into[place * length + i] = Math.min(255, Math.max(0, Math.floor(sum / 2 ** BITS)));
    }
  }
}
