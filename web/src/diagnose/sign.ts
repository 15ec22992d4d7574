/** What a sign is: how strongly it shows, where, from when on it counts. */
import { roundEven } from "../kernels/rounding.ts";
import { boxOf, type Marks } from "../kernels/windows.ts";
import type { Box, Size } from "../pictures.ts";
import type { Finding, Kind, Severity } from "../report.ts";
import type { Evidence } from "./evidence.ts";

/** How strongly a sign shows, and the cells that show it; null where it has no place. */
export type Shown = readonly [strength: number, marks: Marks | null];
export type Look = (evidence: Evidence) => Shown;

/** It counts from `at_least` on, as a warning from `warns_from` on. */
export interface Bounds {
  readonly kind: Kind;
  readonly at_least: number;
  readonly warns_from: number | null;
  readonly is_serious: boolean;
}

/** What is to be said; null where the sign does not show. */
export function find(look: Look, bounds: Bounds, evidence: Evidence): Finding | null {
  const { kind, at_least, warns_from, is_serious } = bounds;
  const [strength, mask] = look(evidence);
  if (strength < at_least) return null;
  const warns = warns_from !== null && strength >= warns_from;
  const severity: Severity = is_serious ? "serious" : warns ? "warning" : "hint";
  const box = mask && boxOfCells(mask, evidence.grid, evidence.size);
  return { kind, severity, place: mask && box && { box, mask, size: evidence.grid } };
}

/** The box around marked cells in pixels of the photo, whole cells; null where none is marked. */
export function boxOfCells(marks: Marks, grid: Size, size: Size): Box | null {
  const box = boxOf(marks, grid[1], [0, 0, ...grid]);
  if (!box) return null;
  const [down, across] = [size[0] / grid[0], size[1] / grid[1]];
  return [
    Math.floor(box[0] * down),
    Math.floor(box[1] * across),
    Math.min(size[0], roundEven(box[2] * down)),
    Math.min(size[1], roundEven(box[3] * across)),
  ];
}

export function count(marks: Marks): number {
  let sum = 0;
  for (const mark of marks) sum += mark;
  return sum;
}
