/** How far a brush reaches: its shape, and the boxes of pixels around places. */
import type { Box, Size } from "../../pictures.ts";

/** Of the diameter, where the hand hardly presses. */
const LIGHTEST = 0.2;

export interface BrushShape {
  readonly diameter_px: number;
  /** 1 is a disc with an edge one pixel wide, 0 a cone; between, the inner part is full. */
  readonly hardness: number;
}

/** The brush's diameter where the hand presses so: a fifth of it at 0, all of it at 1. */
export function diameterAt(diameter_px: number, pressure: number): number {
  return diameter_px * (LIGHTEST + (1 - LIGHTEST) * pressure);
}

/** The smallest box that holds both. */
export function union(one: Box | null, other: Box | null): Box | null {
  if (!one || !other) return one ?? other;
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ];
}

/** The whole pixels of the photo around points (x, y); null where there are none. */
export function boxAround(size: Size, points: readonly (readonly number[])[], reach: number): Box | null {
  let [top, left, bottom, right] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    top = Math.min(top, y!);
    left = Math.min(left, x!);
    bottom = Math.max(bottom, y!);
    right = Math.max(right, x!);
  }
  top = Math.max(0, Math.floor(top - reach));
  left = Math.max(0, Math.floor(left - reach));
  bottom = Math.min(size[0], Math.ceil(bottom + reach));
  right = Math.min(size[1], Math.ceil(right + reach));
  return top < bottom && left < right ? [top, left, bottom, right] : null;
}
