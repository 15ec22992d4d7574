/** Labels that spread over a grid along the cheapest ways, in whole numbers: every language gives the same ones. */
import type { Size } from "../pictures.ts";

/** More labels than there ever are: one travels in the low digits of its distance, so that ties go to the lower label. */
const LABELS = 1 << 12;
const FAR = 2 ** 50;

export interface Spread {
  /** For each cell the label that reaches it most cheaply; 0 everywhere where there is none. */
  readonly labels: Int32Array;
  /** What that costs, 0 in seeds. */
  readonly costs: Float64Array;
}

/**
 * For each cell the label (h×w, from 1 on) that reaches it most cheaply.
 *
 * `seeds` are h×w, 0 where there is none; `costs`, whole numbers of at least 1, are those of a step into a cell, in fifths;
 * across a corner it is 7/5 of that. Cells are swept down and up, each row both ways, until nothing changes: geodesic
 * distance by raster scans, as in P. Toivanen, "New geodesic distance transforms for gray-scale images", 1996.
 */
export function spreadLabels(seeds: Int32Array, costs: Float64Array, size: Size): Spread {
  const keys = Float64Array.from(seeds, (seed) => (seed > 0 ? seed : FAR));
  const straight = costs.map((cost) => cost * LABELS);
  const across = costs.map((cost) => Math.floor((cost * 7) / 5) * LABELS);
  const downwards = Array.from({ length: size[0] }, (_, y) => y);
  const upwards = downwards.toReversed();
  const field = { keys, straight, across, width: size[1] };
  let changed = true;
  while (changed) changed = [sweep(field, downwards), sweep(field, upwards)].includes(true);
  const reached = (key: number): boolean => key < FAR;
  return {
    labels: Int32Array.from(keys, (key) => (reached(key) ? key % LABELS : 0)),
    costs: keys.map((key) => (reached(key) ? Math.floor(key / LABELS) : 0)),
  };
}

interface Field {
  readonly keys: Float64Array;
  readonly straight: Float64Array;
  readonly across: Float64Array;
  readonly width: number;
}

/** Carries labels from each row to the next, and along it; whether anything changed. */
function sweep({ keys, straight, across, width }: Field, rows: readonly number[]): boolean {
  let changed = false;
  const lower = (at: number, key: number): void => {
    if (key >= keys[at]!) return;
    keys[at] = key;
    changed = true;
  };
  rows.forEach((y, place) => {
    const [start, stop] = [y * width, (y + 1) * width];
    if (place > 0) {
      const shift = (rows[place - 1]! - y) * width;
      for (let at = start; at < stop; at++) {
        lower(at, keys[at + shift]! + straight[at]!);
        if (at > start) lower(at, keys[at + shift - 1]! + across[at]!);
        if (at < stop - 1) lower(at, keys[at + shift + 1]! + across[at]!);
      }
    }
    for (let at = start + 1; at < stop; at++) lower(at, keys[at - 1]! + straight[at]!);
    for (let at = stop - 2; at >= start; at--) lower(at, keys[at + 1]! + straight[at]!);
  });
  return changed;
}
