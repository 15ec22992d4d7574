/**
 * Which parts of a subject are transparent, as far as one photo can tell.
 *
 * Networks draw a glass as solid as a stone. What tells the two apart is inside: glass shows its backdrop, mostly bare,
 * between few sharp lines, and what changes in the backdrop changes in the glass with it. What is the same left and right,
 * as turned things are, needs less of the other signs, and so does what stands beside glass.
 */
import type { Size } from "../pictures.ts";
import type { Behind } from "./behind.ts";
import { boxMean } from "./box_sums.ts";
import { leastAlpha } from "./glass.ts";
import { label, spread } from "./pieces.ts";
import { median, picked, quantile } from "./quantile.ts";
import { clamped } from "./rounding.ts";
import type { Marks } from "./windows.ts";

/** What places are marked with that have some of the signs: enough to tell a person, too few to thin them. */
export const PERHAPS = 0.5;
const TOLERANCE = 0.03;
/** Cells in from the outline: where judging starts, a wall ends, depth begins. */
const [RIM, WALL, DEEP] = [2, 4, 8];
/** The least share of the photo that a piece has which is judged. */
const SMALLEST = 0.004;
const NEAR = 12;
/** How far from twice the median column, in cells, twice the axis is looked for that a piece is mirrored at. */
const AXES = 6;

/** What tells glass from an opaque thing in one piece of a matte; words as in Python's `kernels/transparent.py`. */
export interface Signs {
  readonly least: number;
  readonly dense: number;
  readonly bare: number;
  readonly unrest: number;
  readonly lines: number;
  readonly rim: number;
  readonly around: number;
  readonly cut: number;
  readonly variety: number;
  readonly follows: number;
  readonly agreement: number;
  readonly symmetry: number;
}

/** Smooth, thin, whole, before a calm backdrop. */
function mayBe({ least, dense, unrest, around, cut }: Signs): boolean {
  return least < 0.36 && dense < 0.62 && unrest < 0.06 && around < 0.035 && cut < 0.05;
}

/** The backdrop's own differences go on inside; or bare between sharp lines, or within a dense rim. */
function isSure(signs: Signs): boolean {
  const { variety, follows, agreement, bare, lines, rim } = signs;
  const [various, bareness, sharp, alike] = isTurned(signs) ? [0.025, 0.05, 1.7, 0.22] : [0.03, 0.07, 1.6, 0.33];
  const goesOn = variety > various && follows > 0.25 && follows < 1.5 && agreement > alike;
  const isSeenThrough = goesOn && bare > bareness && lines > sharp;
  return mayBe(signs) && (isSeenThrough || (bare > 0.25 && (lines > 2.4 || rim > 0.12)));
}

/** The same left and right, as bottles and glasses are. */
function isTurned({ symmetry }: Signs): boolean {
  return symmetry > 0.95;
}

/** Bare in places, calm, and with sharp lines; or turned and thin, with a few. */
function isPerhaps(signs: Signs): boolean {
  const { bare, lines, unrest } = signs;
  return (bare > 0.1 && lines > 2.2 && unrest < 0.06) || (mayBe(signs) && isTurned(signs) && lines > 1.7);
}

/** Where the subject is transparent, h×w: 1 where signs agree, `PERHAPS` where some are there, else 0. */
export function transparentPlaces(small: Float32Array, alpha: Float32Array, size: Size, back: Behind): Float32Array {
  const result = new Float32Array(alpha.length);
  const solid = Uint8Array.from(alpha, (value) => (value > 0.5 ? 1 : 0));
  const { labels, count } = label(solid, size);
  const masses = new Float64Array(count + 1);
  for (const piece of labels) masses[piece]!++;
  const outside = Uint8Array.from(alpha, (value) => (value < 0.05 ? 1 : 0));
  const least = leastAlpha(small, back.colour, TOLERANCE);
  const judged: { piece: Marks; found: Signs }[] = [];
  for (let number = 1; number <= count; number++) {
    if (masses[number]! < SMALLEST * alpha.length) continue;
    const piece = Uint8Array.from(labels, (one) => (one === number ? 1 : 0));
    const found = signsOf(small, piece, outside, least, size, back);
    if (found) judged.push({ piece, found });
  }
  const isBesideGlass = judged.some(({ found }) => isSure(found));
  for (const { piece, found } of judged) {
    if (!isSure(found) && !isPerhaps(found)) continue;
    const place = isSure(found) || (isBesideGlass && mayBe(found)) ? 1 : PERHAPS;
    spread(piece, size, RIM).forEach((mark, at) => {
      if (mark) result[at] = place;
    });
  }
  return result;
}

/** Where the subject could be transparent if somebody says that it is, h×w in [0, 1]. */
export function thinPlaces(small: Float32Array, alpha: Float32Array, size: Size, back: Behind): Float32Array {
  const least = boxMean(leastAlpha(small, back.colour, TOLERANCE), ...size, 3);
  const there = spread(
    Uint8Array.from(alpha, (value) => (value > 0.05 ? 1 : 0)),
    size,
    RIM,
  );
  return least.map((value, at) => clamped((0.65 - value) / 0.15, 0, 1) * there[at]!);
}

/** The signs of one piece; null where it is too small to say. */
export function signsOf(
  small: Float32Array,
  piece: Marks,
  outside: Marks,
  least: Float32Array,
  size: Size,
  back: Behind,
): Signs | null {
  const turned = piece.map((mark) => 1 - mark);
  const [inside, wall, deep] = [RIM, WALL, DEEP].map((cells) =>
    spread(turned, size, cells).map((mark) => 1 - mark),
  ) as [Marks, Marks, Marks];
  const beside = spread(
    outside.map((mark) => 1 - mark),
    size,
    RIM,
  );
  const near = spread(piece, size, NEAR).map((mark, at) => (mark && !beside[at] ? 1 : 0));
  if (total(inside) < 24 || !wall.includes(1) || !near.includes(1)) return null;
  const band = inside.map((mark, at) => (mark && !deep[at] ? 1 : 0));
  const middle = total(deep) > 20 ? deep : wall;
  const slope = slopeOf(small, size);
  const mean = boxMean(least, ...size, 2);
  const unrest = boxMean(
    least.map((value) => value * value),
    ...size,
    2,
  ).map((value, at) => Math.sqrt(Math.max(value - mean[at]! ** 2, 0)));
  const within = picked(least, inside);
  const slopes = picked(slope, inside);
  const rim = picked(
    least,
    inside.map((mark, at) => (mark && !wall[at] ? 1 : 0)),
  );
  return {
    least: average(within),
    dense: quantile(within, 0.9),
    bare: within.filter((value) => value < 0.1).length / within.length,
    unrest: median(picked(unrest, inside)),
    lines: average(slopes) / Math.max(median(slopes), 1e-3),
    rim: average(rim) - median(picked(least, middle)),
    around: average(picked(slope, near)),
    cut: cutOf(piece, size),
    ...followed(small, back.colour, band),
    symmetry: symmetryOf(piece, size),
  };
}

/** How alike a piece is to its mirror image at the best upright axis near its middle, in [0, 1]. */
function symmetryOf(piece: Marks, [height, width]: Size): number {
  const columns = new Float64Array(width);
  piece.forEach((mark, at) => {
    columns[at % width]! += mark;
  });
  const mass = total(piece);
  let [middle, best] = [0, 0];
  for (let left = columns[0]!; left <= Math.floor(mass / 2); left += columns[++middle]!);
  for (let axis = 2 * middle - AXES; axis <= 2 * middle + AXES; axis++) {
    let both = 0;
    for (let y = 0; y < height; y++)
      for (let x = Math.max(0, axis - width + 1); x <= Math.min(width - 1, axis); x++)
        both += piece[y * width + x]! & piece[y * width + axis - x]!;
    best = Math.max(best, both);
  }
  return best / (2 * mass - best);
}

/** How much the backdrop's colours vary in a band, how much of that the photo shows, and how well the two agree. */
function followed(
  small: Float32Array,
  colour: Float32Array,
  band: Marks,
): Pick<Signs, "variety" | "follows" | "agreement"> {
  const cells = band.length;
  let [variety, spreadHere, together] = [0, 0, 0];
  for (let from = 0; from < 3 * cells; from += cells) {
    const there = picked(colour.subarray(from, from + cells), band);
    const here = picked(small.subarray(from, from + cells), band);
    const [meanThere, meanHere] = [average(there), average(here)];
    for (let i = 0; i < there.length; i++) {
      const [a, b] = [there[i]! - meanThere, here[i]! - meanHere];
      variety += a * a;
      spreadHere += b * b;
      together += a * b;
    }
  }
  const count = 3 * Math.max(total(band), 1);
  [variety, spreadHere, together] = [variety / count, spreadHere / count, together / count];
  return {
    variety: Math.sqrt(variety),
    follows: together / Math.max(variety, 1e-6),
    agreement: together / Math.max(Math.sqrt(variety * spreadHere), 1e-6),
  };
}

/** The photo's gradient, h×w, the most of its channels: central differences, one-sided at the border. */
function slopeOf(planes: Float32Array, [height, width]: Size): Float32Array {
  const cells = height * width;
  const squares = new Float32Array(cells);
  for (let start = 0; start < planes.length; start += cells) {
    for (let y = 0, i = 0; y < height; y++) {
      const [up, down] = [Math.max(y - 1, 0), Math.min(y + 1, height - 1)];
      const [above, below] = [start + up * width, start + down * width];
      const row = start + y * width;
      for (let x = 0; x < width; x++, i++) {
        const [left, right] = [Math.max(x - 1, 0), Math.min(x + 1, width - 1)];
        const vertical = (planes[below + x]! - planes[above + x]!) / Math.max(down - up, 1);
        const horizontal = (planes[row + right]! - planes[row + left]!) / Math.max(right - left, 1);
        const square = vertical * vertical + horizontal * horizontal;
        if (square > squares[i]!) squares[i] = square;
      }
    }
  }
  return squares.map(Math.sqrt);
}

/** The share of the frame that a piece touches; corners count twice. */
function cutOf(piece: Marks, [height, width]: Size): number {
  let touched = 0;
  for (let x = 0; x < width; x++) touched += piece[x]! + piece[(height - 1) * width + x]!;
  for (let y = 0; y < height; y++) touched += piece[y * width]! + piece[y * width + width - 1]!;
  return touched / (2 * (height + width));
}

function total(marks: Marks): number {
  return marks.reduce((sum, mark) => sum + mark, 0);
}

function average(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
