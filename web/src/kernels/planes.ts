/** Small arrays as planes: what several kernels do with each of their numbers. */
import type { Size } from "../pictures.ts";
import { clamped, roundEven } from "./rounding.ts";

/** h×w×3 as 3×h×w. */
export function asPlanes(rgb: Float32Array): Float32Array {
  const count = rgb.length / 3;
  const result = new Float32Array(rgb.length);
  for (let i = 0; i < count; i++) {
    result[i] = rgb[3 * i]!;
    result[count + i] = rgb[3 * i + 1]!;
    result[2 * count + i] = rgb[3 * i + 2]!;
  }
  return result;
}

/** Planes, n×h×w, that are zero where nothing is marked. */
export function masked(planes: Float32Array, marks: Uint8Array): Float32Array {
  const result = new Float32Array(planes.length);
  for (let start = 0; start < planes.length; start += marks.length) {
    for (let i = 0; i < marks.length; i++) if (marks[i]) result[start + i] = planes[start + i]!;
  }
  return result;
}

/** Planes, n×h×w, each divided by `shares`, h×w, which count as `least` where they are less. */
export function shared(planes: Float32Array, shares: Float32Array, least: number): Float32Array {
  const result = new Float32Array(planes.length);
  for (let start = 0; start < planes.length; start += shares.length) {
    for (let i = 0; i < shares.length; i++) result[start + i] = planes[start + i]! / Math.max(shares[i]!, least);
  }
  return result;
}

/** 0 up to `low`, 1 from `high` on, smooth between. */
export function step(value: number, low: number, high: number): number {
  const share = clamped((value - low) / (high - low), 0, 1);
  return share * share * (3 - 2 * share);
}

/** The size of that shape whose longer side is `side`. */
export function fitted(size: Size, side: number): Size {
  const ratio = side / Math.max(size[0], size[1]);
  return [Math.max(1, roundEven(size[0] * ratio)), Math.max(1, roundEven(size[1] * ratio))];
}
