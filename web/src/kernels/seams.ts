/**
 * Where two subjects that touch are two: from the notch between their heads down along the photo's own edge.
 *
 * Side by side and on the ground, two that touch still have two tops. From the notch between them the best way down is
 * looked for, along the strongest edges, as a seam of S. Avidan and A. Shamir ("Seam Carving for Content-Aware Image
 * Resizing", 2007) follows the weakest. It is a cut only if it is one by all that it shows: better two subjects held for
 * one than one body in two.
 */
import type { Size } from "../pictures.ts";
import { spread } from "./pieces.ts";
import type { Marks } from "./windows.ts";

/** Cells: how far to either side an edge is looked for, and how far a seam moves in a row. */
const REACH = 2;
const NOTCHES = 4;
/** A notch's depth, of the height of all; and the smaller side's share of the larger. */
const [LEAST_DEPTH, LEAST_RATIO] = [0.08, 0.33];
/** A seam this short, of the smaller one's height, under so deep a notch between two so alike in size, needs no edge. */
const [NECK, NECK_DEPTH, NECK_RATIO] = [0.08, 0.15, 0.5];
/** Share of the seam on an edge stronger than usual; its strength by the usual one; and what this and the colours' difference come to. */
const [ABOVE, LEAST_EDGE, EVIDENCE, COLOURS] = [0.85, 1.4, 4.5, 7];
/** Or all of it together: strength, colours, ratio, depth, length, contrast and bulk, as the library weighs them. */
const SUM = [2.7, 9.8, 2.6, 0.6, -12, 1.8, 11] as const;
const [SUM_LEAST, SUM_RATIO] = [15, 0.2];
/** Cells to the outside, and what share is as deep inside: what consists of wires and spokes has no bodies to part. */
const [BULK, BULKY] = [2, 0.3];
const [FLOOR, COST, OPEN, SIDEWAYS] = [5, 25500, 100, 500];
const FAR = 2 ** 40;
const SHIFTS = [-1, 1, -2, 2] as const;

/** What is looked at: marks, colours (h×w×3) and edges of one size. */
export interface Cells {
  readonly size: Size;
  readonly mask: Marks;
  /** What of it is more than half covered. */
  readonly solid: Marks;
  readonly edges: Int32Array;
  readonly colours: Float32Array;
}

interface Seam {
  /** A column a row; what lies left of it is one side. */
  readonly path: Int32Array;
  readonly left: Marks;
  readonly right: Marks;
}

/** What is known of a seam before it is followed: its notch's depth, the usual edge, and the mask's bulk. */
interface Found {
  readonly depth: number;
  readonly typical: number;
  readonly bulky: number;
}

/** How strong an edge each cell is on, 0 to 255: a step, or a line that differs from both sides; only edges inside count. */
export function edgeLevels(colours: Float32Array, known: Marks, size: Size): Int32Array {
  const [height, width] = size;
  const strongest = new Float32Array(known.length);
  for (let at = 0; at < known.length; at++) {
    const [y, x] = [Math.floor(at / width), at % width];
    if (!known[at]) continue;
    const pairs = [
      [x >= REACH && x + REACH < width, REACH],
      [y >= REACH && y + REACH < height, REACH * width],
    ] as const;
    for (const [isInside, by] of pairs) {
      if (!isInside || !known[at + by] || !known[at - by]) continue;
      for (let channel = 0; channel < 3; channel++) {
        const one = colours[3 * (at + by) + channel]!;
        const other = colours[3 * (at - by) + channel]!;
        const step = Math.abs(one - other);
        const line = Math.abs(colours[3 * at + channel]! - (one + other) / 2);
        strongest[at] = Math.max(strongest[at]!, step, line);
      }
    }
  }
  return Int32Array.from(strongest, (value) => Math.floor(value * 255 + 0.5));
}

/** The right one of two subjects side by side that a mask shows, or null where it is one. */
export function findSeam(cells: Cells): Marks | null {
  const bulky = bulk(cells.mask, cells.size);
  if (bulky < BULKY) return null;
  const typical = Math.max(1, meanOf(cells.edges, cells.mask));
  for (const { column, depth } of notches(cells.mask, cells.size)) {
    const seam = seamOf(cells, column);
    if (isCut(seam, cells, { depth, typical, bulky })) return seam.right;
  }
  return null;
}

function countOf(marks: Marks): number {
  return marks.reduce((sum, mark) => sum + mark, 0);
}

function meanOf(levels: Int32Array, marks: Marks): number {
  return levels.reduce((sum, level, at) => sum + (marks[at] ? level : 0), 0) / Math.max(1, countOf(marks));
}

function bulk(mask: Marks, size: Size): number {
  const outside = spread(
    Uint8Array.from(mask, (mark) => 1 - mark),
    size,
    BULK,
  );
  return countOf(Uint8Array.from(mask, (mark, at) => (mark && !outside[at] ? 1 : 0))) / Math.max(1, countOf(mask));
}

/** The columns where a mask's top dips between two higher ones, and how deep, of the height; deepest first. */
function* notches(mask: Marks, [rows, width]: Size): Generator<{ column: number; depth: number }> {
  const height = Math.floor(mask.lastIndexOf(1) / width) - Math.floor(mask.indexOf(1) / width) + 1;
  const top = Array.from({ length: width }, (_, x) => {
    for (let y = 0; y < rows; y++) if (mask[y * width + x]) return y;
    return rows;
  });
  let least = Infinity;
  const left = top.map((y) => (least = Math.min(least, y)));
  least = Infinity;
  const right = top
    .toReversed()
    .map((y) => (least = Math.min(least, y)))
    .toReversed();
  const depths = top.map((y, x) => y - Math.max(left[x]!, right[x]!));
  for (let round = 0; round < NOTCHES; round++) {
    const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
    if (deepest < Math.max(2, LEAST_DEPTH * height)) return;
    const at = depths.indexOf(deepest);
    let end = at;
    while (depths[end + 1] === deepest) end++;
    const column = Math.floor((at + end) / 2);
    yield { column, depth: Math.min(deepest, height) / height };
    // Its slopes are no notches of their own.
    let [start, stop] = [column, column];
    const half = top[column]! - deepest / 2;
    while (start > 0 && top[start - 1]! >= half) start--;
    while (stop < width - 1 && top[stop + 1]! >= half) stop++;
    depths.fill(0, Math.max(0, start - REACH), stop + REACH + 1);
  }
}

/** The way down from a notch along the strongest edges. */
function seamOf({ mask, edges, size }: Cells, column: number): Seam {
  const [height, width] = size;
  let first = 0;
  for (let y = 0; y < height; y++) {
    if (!mask[y * width + column]) continue;
    first = y;
    break;
  }
  const cost = (at: number): number => (mask[at] ? Math.floor(COST / (FLOOR + edges[at]!)) : OPEN);
  const totals = new Float64Array(height * width).fill(FAR);
  const shifts = new Int8Array(height * width);
  for (let x = Math.max(0, column - REACH); x < Math.min(width, column + REACH + 1); x++) {
    totals[first * width + x] = cost(first * width + x);
  }
  for (let y = first + 1; y < height; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      let best = totals[at - width]!;
      for (const shift of SHIFTS) {
        const from = x + shift;
        const total = (from < 0 || from >= width ? FAR : totals[at - width + shift]!) + SIDEWAYS * Math.abs(shift);
        if (total >= best) continue;
        best = total;
        shifts[at] = shift;
      }
      totals[at] = best + cost(at);
    }
  }
  const path = new Int32Array(height);
  const last = totals.subarray((height - 1) * width);
  let at = last.indexOf(last.reduce((least, total) => Math.min(least, total), Infinity));
  for (let y = height - 1; y >= first; y--) {
    path[y] = at;
    at += shifts[y * width + at]!;
  }
  path.fill(path[first]!, 0, first);
  const left = mask.map((mark, i) => (mark && i % width < path[Math.floor(i / width)]! ? 1 : 0));
  return { path, left, right: mask.map((mark, i) => (mark && !left[i] ? 1 : 0)) };
}

/** Whether a seam is where two subjects touch. */
function isCut({ path, left, right }: Seam, cells: Cells, found: Found): boolean {
  const { mask, solid, edges, colours, size } = cells;
  const { depth, typical, bulky } = found;
  const sides = [countOf(left), countOf(right)];
  const ratio = Math.min(...sides) / Math.max(...sides);
  if (ratio < SUM_RATIO) return false;
  const through = [...path]
    .map((x, y) => y * size[1] + x)
    .filter((at) => solid[at] && mask[at])
    .map((at) => edges[at]!);
  const tall = Math.min(rowsOf(left, size), rowsOf(right, size));
  if (through.length <= NECK * tall) return depth >= NECK_DEPTH && ratio >= NECK_RATIO;
  const strength = through.reduce((sum, level) => sum + level, 0) / through.length / typical;
  const above = through.filter((level) => level > typical).length / through.length;
  const apart = difference(colours, left, right);
  const isEdge = above >= ABOVE && strength >= LEAST_EDGE;
  if (ratio >= LEAST_RATIO && isEdge && strength + COLOURS * apart >= EVIDENCE) return true;
  const length = through.length / tall;
  const { log, max } = Math;
  const shown = [log(max(strength, 0.05)), apart, log(ratio), log(depth), length, log(typical), bulky];
  return SUM.reduce((sum, weight, at) => sum + weight * shown[at]!, 0) >= SUM_LEAST;
}

function rowsOf(marks: Marks, [height, width]: Size): number {
  let rows = 0;
  for (let y = 0; y < height; y++) if (marks.subarray(y * width, (y + 1) * width).includes(1)) rows++;
  return rows;
}

/** How much the colours of two sides differ: 0 alike, 1 nothing in common, by 4×4×4 kinds of colour. */
function difference(colours: Float32Array, one: Marks, other: Marks): number {
  const shares = [one, other].map((marks) => {
    const counts = new Float64Array(64);
    const count = countOf(marks);
    for (let at = 0; at < marks.length; at++) {
      if (!marks[at]) continue;
      const level = (channel: number): number => Math.min(3, Math.floor(colours[3 * at + channel]! * 4));
      counts[(level(0) * 4 + level(1)) * 4 + level(2)]! += 1 / count;
    }
    return counts;
  });
  return 1 - shares[0]!.reduce((sum, share, kind) => sum + Math.min(share, shares[1]![kind]!), 0);
}
