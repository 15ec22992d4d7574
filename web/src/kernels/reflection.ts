/**
 * A subject mirrored below itself, as on a glossy table; Python's `kernels/reflection.py`.
 *
 * Each column is turned over where the ground is: along the line through the points that stand on it. What hangs above the
 * ground, a handle or a raised foot, is mirrored as far below.
 */
import type { Size } from "../pictures.ts";
import { alphaOf } from "./composite.ts";
import { gathered } from "./resample.ts";
import { clamped } from "./rounding.ts";
import { type Rows, windowOf } from "./rows.ts";

/** How far a reflection is seen, of the subject's height. */
export const REACH = 0.5;
/** What is within this share of the height above the lowest point stands on the ground: a near and a far foot do. */
const STANDS = 0.06;

type Point = readonly [across: number, down: number];

/**
 * What is mirrored of a picture (straight RGBA), `opacity` at the ground and fading; null for nothing.
 *
 * It is 0 above the ground, and cut off where the canvas ends.
 */
export function reflection(picture: Rows, opacity: number): Rows | null {
  const { size } = picture;
  const [height, width] = size;
  const ground = groundOf(gathered(alphaOf(picture)), size);
  if (!ground) return null;
  const { edge, tall } = ground;
  const reach = Math.max(1, REACH * tall);
  const [highest, lowest] = edge.reduce(([least, most], y) => [Math.min(least, y), Math.max(most, y)], [height, 0]);
  const end = Math.min(height, Math.ceil(lowest! + reach));
  const first = Math.max(0, Math.floor(2 * highest! - end - 1));
  const seen = gathered(windowOf(picture, [first, 0, Math.min(height, Math.ceil(lowest!) + 1), width]));
  return {
    size,
    channels: 4,
    read(y, left, right, into) {
      into.fill(0, 0, 4 * (right - left));
      if (y >= end) return;
      for (let x = left, to = 0; x < right; x++, to += 4) {
        const deep = y + 0.5 - edge[x]!;
        if (deep <= 0) continue;
        const fade = opacity * clamped(1 - deep / reach, 0, 1) ** 2;
        const source = clamped(2 * edge[x]! - y - 1, 0, height - 1);
        const above = Math.floor(source);
        const part = source - above;
        const upper = 4 * ((above - first) * width + x);
        const lower = 4 * ((Math.min(above + 1, height - 1) - first) * width + x);
        const [one, other] = [seen[upper + 3]! * (1 - part), part > 0 ? seen[lower + 3]! * part : 0];
        const mirrored = one + other;
        into[to + 3] = clamped(mirrored * fade, 0, 1);
        if (into[to + 3] === 0) continue;
        for (let c = 0; c < 3; c++) {
          const summed = seen[upper + c]! * one + (other > 0 ? seen[lower + c]! * other : 0);
          into[to + c] = clamped(summed / Math.max(mirrored, 1e-6), 0, 1);
        }
      }
    },
  };
}

/** The ground's edge below each column, in rows, and the subject's height; null where there is no subject. */
function groundOf(alpha: Float32Array, [height, width]: Size): { edge: Float32Array; tall: number } | null {
  const lowest = new Int32Array(width);
  let [top, bottom] = [height, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (alpha[i]! <= 0.5) continue;
      lowest[x] = y + 1; // the row below the last solid one
      bottom = y + 1;
      if (y < top) top = y;
    }
  }
  if (bottom === 0) return null;
  const tall = bottom - top;
  const standing: Point[] = [];
  lowest.forEach((y, x) => {
    if (y > 0 && y >= bottom - STANDS * tall) standing.push([x, y]);
  });
  return { edge: alongHull(lowerHull(standing), width), tall };
}

/** The corners of a rubber band below points (Andrew, 1979); rows grow downwards. */
function lowerHull(points: readonly Point[]): Point[] {
  const corners: Point[] = [];
  for (const point of points) {
    while (corners.length > 1 && turnsDown(corners.at(-2)!, corners.at(-1)!, point)) corners.pop();
    corners.push(point);
  }
  return corners;
}

/** Whether the middle one lies on or above the line from the first to the last. */
function turnsDown(first: Point, middle: Point, last: Point): boolean {
  return (last[0] - first[0]) * (middle[1] - first[1]) <= (middle[0] - first[0]) * (last[1] - first[1]);
}

/** How far down the corners' line is at each column; level beyond its ends. */
function alongHull(corners: readonly Point[], width: number): Float32Array {
  let next = 0;
  return Float32Array.from({ length: width }, (_, x) => {
    while (next < corners.length && corners[next]![0] <= x) next++;
    if (next === 0) return corners[0]![1];
    if (next === corners.length) return corners.at(-1)![1];
    const [[from, start], [to, end]] = [corners[next - 1]!, corners[next]!];
    return start + ((end - start) * (x - from)) / (to - from);
  });
}
