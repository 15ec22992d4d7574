/** Matte → Matte: what counts as the subject. */
import { label, pooled, spread } from "../kernels/pieces.ts";
import { shrink } from "../kernels/resample.ts";
import { rowsOf } from "../kernels/rows.ts";
import { sampled } from "../kernels/sampled.ts";
import { boxOf, grid, grown, type Marks, markedWhere } from "../kernels/windows.ts";
import type { Options } from "../options.ts";
import type { Matte, Size } from "../pictures.ts";

/** What eight bits round to nothing or to all of a pixel: networks leave such a fog on whole backgrounds. */
const [FOG, CLEAR] = [Math.fround(0.5 / 255), Math.fround(1 - 0.5 / 255)];
const CELLS = 128;
/** Where specks are looked for: cells a side at the most, and the alpha from which on a cell is a piece's. */
const [CELLS_A_SIDE, FAINT] = [512, Math.fround(0.02)];
/** Pieces up to twice as many cells apart are one, so that ends of hair and dashes of a cable stay. */
const NEAR = 8;
const SQUARE = 32;

/**
 * The matte of the subject; empty where there is none.
 *
 * A network answers a photo without a subject with faint noise, so a matte whose peak does not reach `presence` is
 * emptied. One that does is left as it is but for specks (see `specks`) and the fog on sure pixels, too faint for eight
 * bits: a subject that is half transparent stays half. `isSpent` says that nobody looks at `matte` again: its memory becomes
 * the result's.
 */
export function select(matte: Matte, options: Pick<Options, "presence" | "specks">, isSpent = false): Matte {
  const { size } = matte;
  if (peak(matte.alpha, size) < options.presence) return { size, alpha: new Float32Array(matte.alpha.length) };
  const alpha = isSpent ? matte.alpha : matte.alpha.slice();
  dropSpecks(alpha, size, options.specks / 100);
  dropFog(alpha);
  return { size, alpha };
}

/** No subject was found. */
export function isEmpty(matte: Matte): boolean {
  for (const alpha of matte.alpha) if (alpha !== 0) return false;
  return true;
}

/**
 * Takes from `alpha` (H×W) the lone pieces whose mass is under `share` of the largest one's.
 *
 * They go with their faint surroundings, which fade out where they reach further.
 */
function dropSpecks(alpha: Float32Array, size: Size, share: number): void {
  const cell = Math.ceil(Math.max(...size) / CELLS_A_SIDE);
  if (share === 0) return;
  const { most, mass, size: cells } = pooled(alpha, size, cell);
  const pieces = markedWhere(most, (value) => value > FAINT);
  const { labels, count } = label(spread(pieces, cells, NEAR), cells);
  if (count < 2) return; // the one that there is, is the largest
  const masses = new Float64Array(count + 1);
  for (let i = 0; i < labels.length; i++) masses[labels[i]!]! += mass[i]!;
  const least = share * masses.subarray(1).reduce((largest, one) => Math.max(largest, one), 0);
  if (!masses.subarray(1).some((one) => one < least)) return;
  const dropped: Marks = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) if (pieces[i] && masses[labels[i]!]! < least) dropped[i] = 1;
  if (!dropped.includes(1)) return;
  const { kept, reached } = fade(dropped, cells);
  const full: Size = [cells[0] * cell, cells[1] * cell];
  for (const square of grid(cells, SQUARE)) {
    if (!boxOf(reached, cells[1], grown(square, 1, cells))) continue;
    const [bottom, right] = [Math.min(square[2] * cell, size[0]), Math.min(square[3] * cell, size[1])];
    const [top, left] = [square[0] * cell, square[1] * cell];
    const shares = sampled(kept, cells, [top, left, bottom, right], full);
    for (let y = top, i = 0; y < bottom; y++) {
      for (let at = y * size[1] + left; at < y * size[1] + right; at++, i++) alpha[at]! *= shares[i]!;
    }
  }
}

/** How much is kept, and which cells lose anything: all goes as far as half way, and from there on less and less. */
function fade(dropped: Marks, cells: Size): { kept: Float32Array; reached: Marks } {
  const fades = Array.from({ length: NEAR / 2 - 1 }, (_, i) => spread(dropped, cells, NEAR / 2 + 1 + i));
  const kept = Float32Array.from(
    dropped,
    (_, i) => 1 - fades.reduce((sum, marks) => sum + marks[i]!, 0) / fades.length,
  );
  return { kept, reached: fades.at(-1)! };
}

/** Makes `alpha` 0 and 1 where eight bits would show no more and no less. */
function dropFog(alpha: Float32Array): void {
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i]! < FOG) alpha[i] = 0;
    else if (alpha[i]! > CLEAR) alpha[i] = 1;
  }
}

/**
 * The largest alpha in a grid of at most 128 cells each way.
 *
 * Noise and patterns have single strong pixels, subjects have places: a bird of a hundredth of the photo's width still
 * fills a cell.
 */
function peak(alpha: Float32Array, size: Size): number {
  const grid: Size = [Math.min(size[0], CELLS), Math.min(size[1], CELLS)];
  return shrink(rowsOf(alpha, size, 1), grid, "box").reduce((most, value) => Math.max(most, value), 0);
}
