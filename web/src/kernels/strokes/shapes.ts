/** What a lasso and a rectangle cover of each pixel; the twins of Python's `lasso` and `rectangle` in `kernels/strokes.py`. */
import type { Size } from "../../pictures.ts";
import type { Covered } from "./coverage.ts";
import { boxAround } from "./reach.ts";

/** Lines a pixel on which a lasso is measured; across, its coverage is exact. */
const ROWS_A_PX = 16;

/** What a rectangle (left, top, right, bottom) covers, parts of a pixel too. */
export function rectangleCoverage(size: Size, corners: readonly [number, number, number, number]): Covered | null {
  const left = Math.min(corners[0], corners[2]);
  const right = Math.max(corners[0], corners[2]);
  const top = Math.min(corners[1], corners[3]);
  const bottom = Math.max(corners[1], corners[3]);
  const points = [
    [left, top],
    [right, bottom],
  ];
  const box = boxAround(size, points, 0);
  if (!box) return null;
  const width = box[3] - box[1];
  const coverage = new Float32Array((box[2] - box[0]) * width);
  for (let y = box[0]; y < box[2]; y++) {
    const down = within(y, top, bottom);
    for (let x = box[1]; x < box[3]; x++) coverage[(y - box[0]) * width + x - box[1]] = down * within(x, left, right);
  }
  return { box, coverage };
}

/** How much of the pixel from `at` to `at + 1` lies between two places. */
function within(at: number, start: number, end: number): number {
  return Math.max(0, Math.min(at + 1, end) - Math.max(at, start));
}

/** What a closed outline covers, by the non-zero rule: a loop inside a loop is filled too. */
export function lassoCoverage(size: Size, points: readonly (readonly [number, number])[]): Covered | null {
  const box = boxAround(size, points, 0);
  if (!box) return null;
  const [top, left, bottom, right] = box;
  const width = right - left;
  const coverage = new Float32Array((bottom - top) * width);
  const sums = new Float64Array(width + 2);
  for (let row = 0; row < bottom - top; row++) {
    sums.fill(0);
    for (let line = 0; line < ROWS_A_PX; line++) {
      const y = top + (row * ROWS_A_PX + line + 0.5) / ROWS_A_PX;
      for (const [start, end] of spans(points, y))
        addSpan(sums, Math.max(start, left) - left, Math.min(end, right) - left);
    }
    // Sums of differences: what lies between a start and an end is added up from the left.
    let sum = 0;
    for (let x = 0; x < width; x++) {
      sum += sums[x]!;
      coverage[row * width + x] = Math.min(1, Math.max(0, sum / ROWS_A_PX));
    }
  }
  return { box, coverage };
}

/** The parts of a line at `y` that lie inside, left to right. */
function spans(points: readonly (readonly [number, number])[], y: number): [number, number][] {
  const crossings: [x: number, turn: number][] = [];
  for (let i = 0; i < points.length; i++) {
    const [x0, y0] = points[i]!;
    const [x1, y1] = points[(i + 1) % points.length]!;
    if (y0 <= y !== y1 <= y) crossings.push([x0 + ((y - y0) / (y1 - y0)) * (x1 - x0), y0 <= y ? 1 : -1]);
  }
  crossings.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const found: [number, number][] = [];
  let turns = 0;
  let start = 0;
  for (const [x, turn] of crossings) {
    if (turns === 0) start = x;
    turns += turn;
    if (turns === 0) found.push([start, x]);
  }
  return found;
}

/** Adds 1 for the part of each pixel from `start` to `end` to a row of differences. */
function addSpan(row: Float64Array, start: number, end: number): void {
  if (end <= start) return;
  for (const [x, sign] of [
    [start, 1],
    [end, -1],
  ] as const) {
    const pixel = Math.trunc(x);
    const part = 1 - (x - pixel);
    row[pixel]! += sign * part;
    row[pixel + 1]! += sign * (1 - part);
  }
}
