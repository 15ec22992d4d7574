/** A matte's share of some subjects: soft where they are apart, along the photo's edge where they touch. */
import type { Size } from "../pictures.ts";
import { linearModel } from "./guided.ts";
import { pooled, spread } from "./pieces.ts";
import { asPlanes } from "./planes.ts";
import { shrink } from "./resample.ts";
import type { Rows } from "./rows.ts";
import { sampled } from "./sampled.ts";
import type { Subjects } from "./subjects.ts";
import { around, boxOf, type Marks, type Window } from "./windows.ts";

/** What a cell holds of the matte where a border runs through bodies. */
const BODY = Math.fround(0.9);
/** Cells: how far from the seam the photo's own edge may be. */
const BAND = 2;
const [RADIUS, EPSILON, DOUBT] = [4, 1e-4, Math.fround(0.02)];
/** How much steeper than between two cells' middles the step from one body to the other is. */
const HARD = 6;
const TILE = 32;

/**
 * `alpha` (H×W) of the subjects with these numbers; that of all others is gone. `photo` are its colours.
 *
 * The shares of all subjects add up to the matte: where hair of two meets it is divided, none of it is lost.
 */
export function shareOf(
  found: Subjects,
  wanted: ReadonlySet<number>,
  photo: Rows,
  alpha: Float32Array,
  size: Size,
): Float32Array {
  const { cell, cells } = found;
  const mine = Uint8Array.from(found.labels, (one) => (wanted.has(one) ? 1 : 0));
  const result = alpha.map((value, at) => {
    const [y, x] = [Math.floor(at / size[1]), at % size[1]];
    return mine[Math.floor(y / cell) * cells[1] + Math.floor(x / cell)] ? value : 0;
  });
  const share = Float32Array.from(mine);
  const borders = bordersOf(mine, cells);
  const { most } = pooled(alpha, size, cell);
  const met = borders.map((mark, at) => (mark && most[at]! >= BODY ? 1 : 0));
  const touching = spread(met, cells, BAND);
  const doubtful = spread(borders, cells, BAND);
  const model = met.includes(1) ? modelOf(share, doubtful, photo, cells) : null;
  const gate = Float32Array.from(touching);
  const full: Size = [cells[0] * cell, cells[1] * cell];
  for (const square of around(doubtful, cells, TILE, 0)) {
    const window: Window = [
      square[0] * cell,
      square[1] * cell,
      Math.min(square[2] * cell, size[0]),
      Math.min(square[3] * cell, size[1]),
    ];
    const drawn = sampled(share, cells, window, full);
    if (model && boxOf(touching, cells[1], square)) {
      followPhoto(drawn, sampled(model, cells, window, full), sampled(gate, cells, window, full), photo, window);
    }
    for (let y = window[0], i = 0; y < window[2]; y++) {
      for (let at = y * size[1] + window[1]; at < y * size[1] + window[3]; at++, i++)
        result[at] = alpha[at]! * drawn[i]!;
    }
  }
  return result;
}

/** The cells on either side of where what is wanted ends. */
function bordersOf(mine: Marks, cells: Size): Marks {
  const [one, other] = [mine, mine.map((mark) => 1 - mark)].map((marks) => spread(marks, cells, 1));
  return one!.map((mark, at) => mark & other![at]!);
}

/** The share as a linear function of the colours nearby, 4×h×w, told by the cells that are surely of one side. */
function modelOf(share: Float32Array, doubtful: Marks, photo: Rows, cells: Size): Float32Array {
  const colours = asPlanes(shrink(photo, cells, "box"));
  const weight = Float32Array.from(doubtful, (mark) => (mark ? DOUBT : 1));
  return linearModel(colours, share, weight, cells[0], cells[1], RADIUS, EPSILON).subarray(0, 4 * share.length);
}

/** What the model says of the colours in a window, where the gate is open, into `drawn`. */
function followPhoto(
  drawn: Float32Array,
  model: Float32Array,
  gate: Float32Array,
  photo: Rows,
  [top, left, bottom, right]: Window,
): void {
  const [count, width] = [drawn.length, right - left];
  const colours = new Float32Array(3 * width);
  for (let y = top, i = 0; y < bottom; y++) {
    photo.read(y, left, right, colours);
    for (let x = 0; x < width; x++, i++) {
      let guess = model[3 * count + i]!;
      for (let channel = 0; channel < 3; channel++) guess += model[channel * count + i]! * colours[3 * x + channel]!;
      const hard = Math.min(1, Math.max(0, (guess - 0.5) * HARD + 0.5));
      drawn[i]! += gate[i]! * (hard - drawn[i]!);
    }
  }
}
