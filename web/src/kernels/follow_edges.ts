/**
 * Edges that follow the photo's own, at its own size.
 *
 * A network saw a reduced photo. Where its matte is soft over some width (hair, fur, blur), the model of `guided.ts`,
 * learned from the pixels around that it is sure of, says alpha from the colours of the full photo. At a crisp edge, which
 * networks draw too wide, the model of `two_sides.ts` does, for the pixels that were drawn soft and where both sides have
 * colours of their own.
 */
import type { Size } from "../pictures.ts";
import { boxMean } from "./box_sums.ts";
import { linearModel } from "./guided.ts";
import { asPlanes, fitted, step } from "./planes.ts";
import { resize } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import type { Rows } from "./rows.ts";
import { lookedAt, sampledRows } from "./sampled.ts";
import { modelOfTwoSides } from "./two_sides.ts";
import { boxOf, cut, grid, grown, heightOf, type Marks, markedWhere, type Window, widthOf } from "./windows.ts";

/** Longer side at which the model is learned: windows see the same share of a photo of any size. */
const SIDE = 384;
/** Longer side, at least, at which pixels are called soft; of larger photos each second or third is looked at. */
const SEEN_SIDE = 1024;
/** Of the longer side: how far the model looks. */
const REACH = 1 / 100;
const EPSILON = 1e-4;
const LEAST_WEIGHT = 0.05;
const [SOFT, NEARLY_ONE] = [Math.fround(0.03), Math.fround(0.97)];
/** Share of soft pixels around, below which an edge is crisp and from which it is all the model's. */
const [CRISP, WIDE] = [0.15, 0.5];
/** Photos this small were enlarged for the network, whose edges are finer than their pixels: the model adds blur. */
const [SMALL, LARGE] = [480, 800];
/** Share of the matte's variance that colours must account for: hair before its like is left as it was drawn. */
const EXPLAINED = [0.2, 0.6] as const;
/** Of the longer side: how far the colours of either side of a crisp edge are looked for. */
const SIDES_REACH = 1 / 128;
/** How wide an edge is for the model of crisp edges to have no say. */
const ALL_WIDE = 2 / 3;
/** Alpha less than this from 0 or 1 was drawn as all but sure, and a crisp edge's model has less of a say. */
const MIXED = 0.1;
const [LEARNED_TILE, DRAWN_TILE] = [64, 112];
const NOTHING = 1e-6;

/** The photo's planes (3×h×w) and a matte → coefficients and how far they count, 5×h×w, where they are wanted. */
type Model = (planes: Float32Array, alpha: Float32Array, height: number, width: number, wanted: Marks) => Float32Array;

/** The size at which `followEdges` looks at a photo of that size to learn. */
export function learnedAt(size: Size): Size {
  return Math.max(...size) <= SIDE ? size : fitted(size, SIDE);
}

/**
 * `alpha` with its soft edges drawn anew after the photo.
 *
 * `photo` H×W×3 and `alpha` H×W, both in [0, 1]; `small` is the photo reduced to `learnedAt` its size, h×w×3. Works only
 * near soft pixels, in tiles, and in `alpha` itself.
 */
export function followEdges(photo: Rows, small: Float32Array, alpha: Float32Array): void {
  const longer = Math.max(...photo.size);
  const strength = clamped((longer - SMALL) / (LARGE - SMALL), 0, 1);
  const size = learnedAt(photo.size);
  const reach = Math.max(2, roundEven(Math.max(...size) * REACH));
  const [seen, seenSize] = everySecond(alpha, photo.size, Math.max(1, Math.floor(longer / SEEN_SIDE)));
  const soft = resize(softOf(seen), seenSize, size, "box");
  const gate = gateOf(soft, size, reach);
  const edge = edgeOf(soft, gate, size, strength);
  for (let i = 0; i < gate.length; i++) gate[i]! *= strength;
  const [isWide, isCrisp] = [gate, edge].map((shares) => markedWhere(shares, (share) => share > 0)) as [Marks, Marks];
  if (!isWide.includes(1) && !isCrisp.includes(1)) return;
  const [colours, reduced] = [asPlanes(small), resize(seen, seenSize, size, "box")];
  const wide = learned(colours, reduced, isWide, size, 2 * reach, guided(reach));
  const sides = Math.max(2, roundEven(Math.max(...size) * SIDES_REACH));
  const crisp = learned(colours, reduced, isCrisp, size, sides, (planes, part, height, width, wanted) =>
    modelOfTwoSides(planes, part, height, width, sides, wanted),
  );
  draw(photo, alpha, together(wide, gate, crisp, edge), size);
}

/** One model of two, coefficients weighted by how far each counts, and how far each does: 6×h×w. */
function together(wide: Float32Array, gate: Float32Array, crisp: Float32Array, edge: Float32Array): Float32Array {
  const count = gate.length;
  const result = new Float32Array(6 * count);
  const [little, enough] = EXPLAINED;
  for (let i = 0; i < count; i++) {
    if (!(gate[i]! > 0 || edge[i]! > 0)) continue;
    const one = gate[i]! * step(wide[4 * count + i]!, little, enough);
    const other = edge[i]! * crisp[4 * count + i]!;
    const both = Math.max(one + other, NOTHING);
    for (let at = i; at < 4 * count; at += count) result[at] = (wide[at]! * one + crisp[at]! * other) / both;
    result[4 * count + i] = one;
    result[5 * count + i] = other;
  }
  return result;
}

/** Each `every`th pixel both ways, from the middle of the first ones on. */
function everySecond(alpha: Float32Array, size: Size, every: number): [Float32Array, Size] {
  if (every === 1) return [alpha, size];
  const first = every >> 1;
  const seen: Size = [Math.ceil((size[0] - first) / every), Math.ceil((size[1] - first) / every)];
  const result = new Float32Array(seen[0] * seen[1]);
  for (let y = first, i = 0; y < size[0]; y += every) {
    for (let x = first; x < size[1]; x += every) result[i++] = alpha[y * size[1] + x]!;
  }
  return [result, seen];
}

/** 1 where alpha is neither nearly 0 nor nearly 1, else 0. */
function softOf(alpha: Float32Array): Float32Array {
  const soft = new Float32Array(alpha.length);
  for (let i = 0; i < soft.length; i++) if (alpha[i]! > SOFT && alpha[i]! < NEARLY_ONE) soft[i] = 1;
  return soft;
}

/** How much each pixel is the model's: 1 in wide soft parts, 0 at crisp edges and in bodies. */
function gateOf(soft: Float32Array, size: Size, reach: number): Float32Array {
  const share = boxMean(soft, ...size, reach);
  for (let i = 0; i < share.length; i++) share[i] = clamped((share[i]! - CRISP) / (WIDE - CRISP), 0, 1);
  const gate = boxMean(share, ...size, Math.max(1, reach >> 1));
  for (let i = 0; i < gate.length; i++) if (gate[i]! <= 1e-3) gate[i] = 0;
  return gate;
}

/** How much each pixel at a soft one is the model's of crisp edges: the less, the wider it is soft. */
function edgeOf(soft: Float32Array, gate: Float32Array, size: Size, strength: number): Float32Array {
  const edge = boxMean(soft, ...size, 1);
  for (let i = 0; i < edge.length; i++) if (edge[i]! > 0) edge[i] = Math.max(1 - gate[i]! / ALL_WIDE, 0) * strength;
  return edge;
}

/** A model's coefficients and how far they count, 5×h×w, where they are wanted; zero elsewhere. */
function learned(
  planes: Float32Array,
  alpha: Float32Array,
  wanted: Marks,
  size: Size,
  margin: number,
  model: Model,
): Float32Array {
  const count = alpha.length;
  const result = new Float32Array(5 * count);
  for (const square of grid(size, LEARNED_TILE)) {
    const tile = boxOf(wanted, size[1], square);
    if (!tile) continue;
    const wide = grown(tile, margin, size);
    const [height, width] = [heightOf(wide), widthOf(wide)];
    const colours = new Float32Array(3 * height * width);
    for (let c = 0; c < 3; c++) {
      colours.set(cut(planes.subarray(c * count, (c + 1) * count), size[1], wide), c * height * width);
    }
    const marks = new Uint8Array(height * width);
    for (let y = tile[0]; y < tile[2]; y++) {
      const row = wanted.subarray(y * size[1] + tile[1], y * size[1] + tile[3]);
      marks.set(row, (y - wide[0]) * width + tile[1] - wide[1]);
    }
    const part = model(colours, cut(alpha, size[1], wide), height, width, marks);
    for (let plane = 0; plane < 5; plane++) {
      for (let y = tile[0]; y < tile[2]; y++) {
        const from = plane * height * width + (y - wide[0]) * width + tile[1] - wide[1];
        result.set(part.subarray(from, from + widthOf(tile)), plane * count + y * size[1] + tile[1]);
      }
    }
  }
  return result;
}

/** The model of `guided.ts`, to which each pixel counts for how sure its alpha is. */
function guided(reach: number): Model {
  return (planes, alpha, height, width, wanted) => {
    const weight = alpha.map((value) => (2 * value - 1) ** 2 + LEAST_WEIGHT);
    return linearModel(planes, alpha, weight, height, width, reach, EPSILON, wanted);
  };
}

function isOpen(gate: Float32Array, width: number, window: Window): boolean {
  for (let y = window[0]; y < window[2]; y++) {
    for (let i = y * width + window[1], end = y * width + window[3]; i < end; i++) if (gate[i]! > 0) return true;
  }
  return false;
}

/** The model's matte at the photo's size, as far as the gates (the last two of six planes) are open, into `alpha`. */
function draw(photo: Rows, alpha: Float32Array, planes: Float32Array, size: Size): void {
  const full = photo.size;
  const cells = size[0] * size[1];
  const [gate, edge] = [planes.subarray(4 * cells, 5 * cells), planes.subarray(5 * cells)];
  const rgb = new Float32Array(3 * DRAWN_TILE);
  const [red, green, blue, constant, wide, crisp] = Array.from({ length: 6 }, () => new Float32Array(DRAWN_TILE)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (const tile of grid(full, DRAWN_TILE)) {
    const near = lookedAt(tile, size, full);
    if (!isOpen(gate, size[1], near) && !isOpen(edge, size[1], near)) continue;
    const read = sampledRows(planes, size, tile, full);
    const width = widthOf(tile);
    for (let y = tile[0]; y < tile[2]; y++) {
      read(4, y - tile[0], 0, width, wide);
      read(5, y - tile[0], 0, width, crisp);
      let [first, last] = [0, width];
      while (first < last && !(wide[first]! > 0 || crisp[first]! > 0)) first++;
      while (last > first && !(wide[last - 1]! > 0 || crisp[last - 1]! > 0)) last--;
      if (first === last) continue;
      for (const [plane, row] of [red, green, blue, constant].entries()) read(plane, y - tile[0], first, last, row);
      photo.read(y, tile[1] + first, tile[1] + last, rgb);
      for (let x = first, c = 0, at = y * full[1] + tile[1] + first; x < last; x++, c += 3, at++) {
        const drawn = constant[x]! + red[x]! * rgb[c]! + green[x]! * rgb[c + 1]! + blue[x]! * rgb[c + 2]!;
        const known = alpha[at]!;
        const mixed = Math.min(known, 1 - known, MIXED) / MIXED;
        alpha[at] = clamped(known + (drawn - known) * (wide[x]! + crisp[x]! * mixed), 0, 1);
      }
    }
  }
}
