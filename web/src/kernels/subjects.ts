/**
 * The subjects of a matte, found and numbered: which of its parts are one, and where two that touch are two.
 *
 * On a grid of cells: pieces that are more than half there; those that belong together joined (a hat held apart, legs
 * behind a bar); what touches parted where there is a real boundary (`seams.ts`). All soft cells then go to the subject
 * that reaches them through the matte most cheaply, so that hair stays with its head.
 */
import type { Box, Size } from "../pictures.ts";
import { spreadLabels } from "./geodesic.ts";
import { joinPieces } from "./joined_pieces.ts";
import { label, pooled } from "./pieces.ts";
import { shrink } from "./resample.ts";
import type { Rows } from "./rows.ts";
import { type Cells, edgeLevels, findSeam } from "./seams.ts";
import { boxOf, cut, type Marks } from "./windows.ts";

/** Cells a side at the most. */
const GRID = 256;
/** The alpha from which on a cell is a piece's, and from which on it counts for a subject's box. */
const [THERE, FAINT] = [0.5, Math.fround(0.1)];
/** What a cell must hold of a subject to tell its colour. */
const KNOWN = 0.25;
/** Subjects at the most; what is smaller goes with its neighbours. */
const MOST = 32;
/** What a step costs in a whole cell, how much more in a soft one, and in one that shows less than the faintest hair. */
const [STEP, SOFT, EMPTY, FOG] = [5, 20, 150, Math.fround(0.02)];

/** One subject of a photo; numbered by size, 1 is the largest. */
export interface Subject {
  readonly number: number;
  /** (top, left, bottom, right) in px of the photo. */
  readonly box: Box;
  /** The sum of its alpha, in px. */
  readonly area: number;
  /** The middle of that mass, (x, y) in px. */
  readonly centre: readonly [x: number, y: number];
  /** Its cells. */
  readonly mask: Marks;
}

/** All subjects of a matte; `labels` says for each cell of `cell` px whose it is, 0 everywhere where there is none. */
export interface Subjects {
  readonly cell: number;
  readonly cells: Size;
  readonly labels: Int32Array;
  readonly each: readonly Subject[];
}

interface Pooled {
  readonly most: Float32Array;
  readonly mass: Float64Array;
  readonly size: Size;
}

/** The subjects of a matte (H×W), the largest first; none of an empty one. `photo` are its colours. */
export function findSubjects(alpha: Float32Array, size: Size, photo: Rows): Subjects {
  const cell = Math.ceil(Math.max(...size) / GRID);
  const pool = pooled(alpha, size, cell);
  const cores = coresOf(alpha, size, cell, pool, photo);
  if (!cores.some((core) => core > 0)) return { cell, cells: pool.size, labels: cores, each: [] };
  const costs = Float64Array.from(
    pool.most,
    (most) => STEP + Math.floor(Math.fround(1 - most) * SOFT + 0.5) + (most < FOG ? EMPTY : 0),
  );
  const labels = bySize(spreadLabels(cores, costs, pool.size).labels, pool.mass);
  const count = labels.reduce((most, one) => Math.max(most, one), 0);
  const each = Array.from({ length: count }, (_, at) => subjectOf(at + 1, labels, pool, alpha, size, cell));
  return { cell, cells: pool.size, labels, each };
}

/**
 * The solid parts of a matte (h×w, the photo's colours as rows of its size) by the subject that each is of; 0 elsewhere. As
 * `findSubjects` has them, on the matte's own grid and without what is soft.
 */
export function parts(alpha: Float32Array, size: Size, photo: Rows): Int32Array {
  return coresOf(alpha, size, 1, pooled(alpha, size, 1), photo);
}

/** The pieces by the subject that each is of (h×w, 0 outside). */
function coresOf(alpha: Float32Array, size: Size, cell: number, pool: Pooled, photo: Rows): Int32Array {
  const { most, mass, size: cells } = pool;
  let { labels, count } = label(marksOf(most, THERE), cells);
  if (count === 0) ({ labels, count } = label(marksOf(most, FAINT), cells));
  const masses = new Float64Array(count + 1);
  labels.forEach((piece, at) => {
    masses[piece]! += mass[at]!;
  });
  const groups = joinPieces(labels, masses, cells, MOST);
  const covered = Float64Array.from(mass, (sum, at) => sum / areaOf(at, size, cells, cell));
  const colours = ownColours(photo, alpha, covered, cells);
  const edges = edgeLevels(colours, marksOf(covered, KNOWN), cells);
  const solid = marksOf(covered, THERE);
  let largest = groups.reduce((high, group) => Math.max(high, group), 0);
  const todo = Array.from({ length: largest }, (_, at) => at + 1);
  for (let done = 0; todo.length > 0 && done < MOST; done++) {
    const number = todo.shift()!;
    if (largest + 1 > MOST || !part(groups, number, largest + 1, { size: cells, solid, edges, colours })) continue;
    todo.push(number, ++largest);
  }
  return groups;
}

/** Gives what is the right one of two subjects in a group the number `other`; whether there are two. */
function part(groups: Int32Array, number: number, other: number, all: Omit<Cells, "mask">): boolean {
  const mask = Uint8Array.from(groups, (group) => (group === number ? 1 : 0));
  const window = boxOf(mask, all.size[1], [0, 0, ...all.size]);
  if (!window) return false;
  const places: number[] = [];
  for (let y = window[0]; y < window[2]; y++) {
    for (let x = window[1]; x < window[3]; x++) places.push(y * all.size[1] + x);
  }
  const right = findSeam({
    size: [window[2] - window[0], window[3] - window[1]],
    mask: Uint8Array.from(places, (at) => mask[at]!),
    solid: Uint8Array.from(places, (at) => all.solid[at]!),
    edges: Int32Array.from(places, (at) => all.edges[at]!),
    colours: cut(all.colours, all.size[1], window, 3),
  });
  right?.forEach((mark, at) => {
    if (mark) groups[places[at]!] = other;
  });
  return right !== null;
}

/** The subjects' colours in each cell, h×w×3; what is beside them has no say. */
function ownColours(photo: Rows, alpha: Float32Array, covered: Float64Array, cells: Size): Float32Array {
  const weighted: Rows = {
    size: photo.size,
    channels: 3,
    read(y, left, right, into) {
      photo.read(y, left, right, into);
      for (let x = left, i = 0; x < right; x++, i += 3) {
        const share = alpha[y * photo.size[1] + x]!;
        for (let channel = 0; channel < 3; channel++) into[i + channel]! *= share;
      }
    },
  };
  return shrink(weighted, cells, "box").map((value, at) =>
    Math.min(1, Math.max(0, value / Math.max(covered[Math.floor(at / 3)]!, 1e-3))),
  );
}

function marksOf(values: ArrayLike<number>, least: number): Marks {
  return Uint8Array.from(values, (value) => (value >= least ? 1 : 0));
}

/** How many px a cell has: those at the right and the bottom may be cut off. */
function areaOf(at: number, [height, width]: Size, cells: Size, cell: number): number {
  const [y, x] = [Math.floor(at / cells[1]), at % cells[1]];
  return (Math.min((y + 1) * cell, height) - y * cell) * (Math.min((x + 1) * cell, width) - x * cell);
}

/** Labels numbered by the mass that they have, the largest 1; of two alike the one before the other. */
function bySize(labels: Int32Array, mass: Float64Array): Int32Array {
  const masses: number[] = [];
  labels.forEach((one, at) => {
    masses[one] = (masses[one] ?? 0) + mass[at]!;
  });
  const order = Object.keys(masses)
    .map(Number)
    .filter((one) => one > 0 && masses[one]! > 0)
    .sort((a, b) => Math.floor(masses[b]! + 0.5) - Math.floor(masses[a]! + 0.5) || a - b);
  const numbers = new Int32Array(masses.length);
  order.forEach((one, at) => {
    numbers[one] = at + 1;
  });
  return labels.map((one) => numbers[one]!);
}

function subjectOf(
  number: number,
  labels: Int32Array,
  { most, mass, size: cells }: Pooled,
  alpha: Float32Array,
  size: Size,
  cell: number,
): Subject {
  const high = labels.reduce((peak, one, at) => (one === number ? Math.max(peak, most[at]!) : peak), 0);
  const mask = Uint8Array.from(labels, (one, at) => (one === number && most[at]! >= Math.min(FAINT, high) ? 1 : 0));
  let [area, x, y] = [0, 0, 0];
  labels.forEach((one, at) => {
    if (one !== number) return;
    area += mass[at]!;
    x += mass[at]! * ((at % cells[1]) + 0.5) * cell;
    y += mass[at]! * (Math.floor(at / cells[1]) + 0.5) * cell;
  });
  const box = pixelBox(mask, cells, cell, alpha, size, Math.min(FAINT, high));
  return { number, box, area, centre: [Math.min(x / area, size[1]), Math.min(y / area, size[0])], mask };
}

/** The box of what is there, to the pixel. */
function pixelBox(mask: Marks, cells: Size, cell: number, alpha: Float32Array, size: Size, least: number): Box {
  let [top, left, bottom, right] = [size[0], size[1], 0, 0];
  mask.forEach((mark, at) => {
    if (!mark) return;
    const [y, x] = [Math.floor(at / cells[1]) * cell, (at % cells[1]) * cell];
    for (let row = y; row < Math.min(y + cell, size[0]); row++) {
      for (let column = x; column < Math.min(x + cell, size[1]); column++) {
        if (alpha[row * size[1] + column]! < least) continue;
        [top, left] = [Math.min(top, row), Math.min(left, column)];
        [bottom, right] = [Math.max(bottom, row + 1), Math.max(right, column + 1)];
      }
    }
  });
  return [top, left, bottom, right];
}
