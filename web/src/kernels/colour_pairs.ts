/**
 * Alpha of single pixels from colours that are known nearby: how far each lies on the way from a background's to a
 * subject's. Sources are in Python's `kernels/colour_pairs.py`.
 */
import type { Size } from "../pictures.ts";
import { boxMean } from "./box_sums.ts";
import { halvedLevel } from "./cells.ts";
import { resize } from "./resample.ts";
import { clamped } from "./rounding.ts";
import type { Marks } from "./windows.ts";

const [GROUPS, ROUNDS, SAMPLES] = [12, 12, 4000];
const GOLDEN = 0.6180339887498949;
/** Known pixels this near to unknown ones are asked for their colours. */
const NEAR_PX = 50;
/** How much a mixture usually differs from the pixel, in each channel. */
const NOISE = 0.02;
/** The variance of alpha at which a guess is trusted half. */
const SPREAD = 0.02;
const LEAST_APART = 1e-4;
/** Known pixels are summed up in squares of so many, of which the unknown ones ask. */
const CELL_PX = 4;
const FEWEST = 50;
/** Planes of a group: colour, y and x, and how many pixels. */
const PLANES = 6;

/** The colours (3) and the distance in px (1) of each group at each unknown pixel, groups×4×n. */
type Side = readonly Float32Array[];

/**
 * Alpha and how far it can be trusted, both h×w in [0, 1], with the known pixels as they are.
 *
 * `planes` is 3×h×w in [0, 1]. `trimap` has 0 for background, 1 for the subject and unknown pixels between; where one of
 * the two is nowhere to be found, nothing can be trusted.
 */
export function guessAlpha(
  planes: Float32Array,
  trimap: Float32Array,
  size: Size,
): { guess: Float32Array; trust: Float32Array } {
  const unknown = trimap.map((value) => (value > 0 && value < 1 ? 1 : 0));
  const places = [...unknown.keys()].filter((i) => unknown[i]);
  const near = boxMean(unknown, ...size, NEAR_PX);
  const [guess, trust] = [trimap.slice(), new Float32Array(trimap.length)];
  const [own, behind] = [1, 0].map((value) => {
    const known = trimap.map((one) => (one === value ? 1 : 0));
    return coloursAround(planes, known, near, places, size);
  });
  if (!own!.length || !behind!.length) return { guess, trust };
  const costs = new Float64Array(own!.length * behind!.length);
  const shares = new Float64Array(costs.length);
  const pixel = [0, 0, 0];
  places.forEach((place, n) => {
    for (let c = 0; c < 3; c++) pixel[c] = planes[c * trimap.length + place]!;
    [guess[place], trust[place]] = compared(pixel, own!, behind!, n, places.length, costs, shares);
  });
  return { guess, trust };
}

/** Alpha and trust of one pixel, the `n`th of `count`, from the groups of both sides. */
function compared(
  pixel: readonly number[],
  own: Side,
  behind: Side,
  n: number,
  count: number,
  costs: Float64Array,
  shares: Float64Array,
): [number, number] {
  const [nearestOwn, nearestBehind] = [nearestOf(own, n, count), nearestOf(behind, n, count)];
  let best = Infinity;
  let at = 0;
  for (const subject of own) {
    const away = (subject[3 * count + n]! + 1) / nearestOwn - 1;
    for (const back of behind) {
      let [apart, along, square] = [LEAST_APART, 0, 0];
      for (let i = n, c = 0; c < 3; c++, i += count) {
        const [way, off] = [subject[i]! - back[i]!, pixel[c]! - back[i]!];
        apart += way * way;
        along += way * off;
        square += off * off;
      }
      const alpha = clamped(along / apart, 0, 1);
      const misfit = Math.max(square - 2 * alpha * along + alpha * alpha * apart, 0);
      const cost = misfit / NOISE ** 2 + away + (back[3 * count + n]! + 1) / nearestBehind - 1;
      costs[at] = cost;
      shares[at++] = alpha;
      if (cost < best) best = cost;
    }
  }
  let [total, mean] = [0, 0];
  for (let i = 0; i < at; i++) {
    costs[i] = Math.exp((best - costs[i]!) / 2);
    total += costs[i]!;
    mean += costs[i]! * shares[i]!;
  }
  mean /= total;
  let variance = 0;
  for (let i = 0; i < at; i++) variance += (costs[i]! / total) * (shares[i]! - mean) ** 2;
  return [mean, Math.exp(best / -8) / (1 + variance / SPREAD)];
}

function nearestOf(side: Side, n: number, count: number): number {
  return side.reduce((least, group) => Math.min(least, group[3 * count + n]! + 1), Infinity);
}

/** The groups of the known pixels, as the unknown ones at `places` see them; perhaps none. */
function coloursAround(
  planes: Float32Array,
  known: Float32Array,
  near: Float32Array,
  places: readonly number[],
  size: Size,
): Side {
  let asked: Marks = Uint8Array.from(known, (is, i) => (is && near[i]! > 0 ? 1 : 0));
  if (asked.reduce((sum, mark) => sum + mark, 0) < FEWEST) asked = Uint8Array.from(known);
  if (!asked.includes(1)) return [];
  const { cells, groups } = cellsOf(planes, asked, size);
  const full: Size = [CELL_PX * cells[0], CELL_PX * cells[1]];
  return groups.map((group) => {
    const result = new Float32Array(4 * places.length);
    const plane = (index: number): Float32Array => {
      const count = cells[0] * cells[1];
      return resize(group.subarray(index * count, (index + 1) * count), cells, full, "bilinear");
    };
    const at = places.map((place) => Math.floor(place / size[1]) * full[1] + (place % size[1]));
    for (let c = 0; c < 3; c++) {
      const values = plane(c);
      at.forEach((cell, n) => {
        result[c * places.length + n] = values[cell]!;
      });
    }
    const [down, across] = [plane(3), plane(4)];
    places.forEach((place, n) => {
      const [y, x] = [Math.floor(place / size[1]), place % size[1]];
      result[3 * places.length + n] = Math.hypot(down[at[n]!]! - y, across[at[n]!]! - x);
    });
    return result;
  });
}

/** Each group's mean colour, y and x at every cell, 5×h×w: the cell's own or those of ever larger ones. */
function cellsOf(planes: Float32Array, asked: Marks, size: Size): { cells: Size; groups: Float32Array[] } {
  const places = [...asked.keys()].filter((i) => asked[i]);
  const colours = new Float32Array(3 * places.length);
  places.forEach((place, n) => {
    for (let c = 0; c < 3; c++) colours[3 * n + c] = planes[c * asked.length + place]!;
  });
  const nearest = nearestTo(colours, groupCentres(colours));
  const cells: Size = [Math.ceil(size[0] / CELL_PX), Math.ceil(size[1] / CELL_PX)];
  const count = cells[0] * cells[1];
  const sums = new Map<number, Float64Array>();
  for (const group of [...new Set(nearest)].sort((a, b) => a - b)) sums.set(group, new Float64Array(PLANES * count));
  places.forEach((place, n) => {
    const [y, x] = [Math.floor(place / size[1]), place % size[1]];
    const group = sums.get(nearest[n]!)!;
    const cell = Math.floor(y / CELL_PX) * cells[1] + Math.floor(x / CELL_PX);
    for (let c = 0; c < 3; c++) group[c * count + cell]! += colours[3 * n + c]!;
    group[3 * count + cell]! += y;
    group[4 * count + cell]! += x;
    group[5 * count + cell]!++;
  });
  return { cells, groups: [...sums.values()].map((group) => filled(Float32Array.from(group), cells)) };
}

/** Means of the planes before the last, which says how many pixels were summed up. */
function filled(sums: Float32Array, size: Size): Float32Array {
  const count = size[0] * size[1];
  const last = PLANES - 1;
  if (count === 1) return sums.subarray(0, last).map((value) => value / sums[last]!);
  const half = halvedLevel({ size, planes: sums });
  const coarse = filled(
    half.planes.map((value) => value * 4),
    half.size,
  );
  const few = half.size[0] * half.size[1];
  const twice: Size = [2 * half.size[0], 2 * half.size[1]];
  const result = new Float32Array(last * count);
  for (let plane = 0; plane < last; plane++) {
    const beyond = resize(coarse.subarray(plane * few, (plane + 1) * few), half.size, twice, "bilinear");
    for (let i = 0; i < count; i++) {
      const known = sums[last * count + i]!;
      const share = Math.min(known, 1);
      const from = Math.floor(i / size[1]) * twice[1] + (i % size[1]);
      result[plane * count + i] = sums[plane * count + i]! * (share / Math.max(known, 1)) + (1 - share) * beyond[from]!;
    }
  }
  return result;
}

/** Colours (groups×3) that those given (n×3) gather around: k-means, from starts that lie apart (k-means++). */
function groupCentres(colours: Float32Array): Float64Array {
  const all = colours.length / 3;
  const count = Math.min(all, SAMPLES);
  const sample = new Float32Array(3 * count);
  const take = (from: Float32Array, at: number): Float32Array => from.subarray(3 * at, 3 * at + 3);
  for (let i = 0; i < count; i++) sample.set(take(colours, Math.floor((i * all) / count)), 3 * i);
  let centres: Float64Array = Float64Array.from(take(sample, count >> 1));
  const distance = new Float64Array(count).fill(Infinity);
  for (let number = 1; number < GROUPS; number++) {
    const newest = centres.subarray(centres.length - 3);
    let total = 0;
    for (let i = 0; i < count; i++) {
      let square = 0;
      for (let c = 0; c < 3; c++) square += (sample[3 * i + c]! - newest[c]!) ** 2;
      if (square < distance[i]!) distance[i] = square;
      total += distance[i]!;
    }
    if (total === 0) break;
    const drawn = ((number * GOLDEN + 0.5) % 1) * total;
    let [at, reached] = [0, distance[0]!];
    while (reached <= drawn && at < count - 1) reached += distance[++at]!;
    centres = Float64Array.of(...centres, ...take(sample, at));
  }
  for (let round = 0; round < ROUNDS; round++) centres = gathered(sample, centres);
  return centres;
}

/** Each centre moved to the mean of what is nearest to it. */
function gathered(sample: Float32Array, centres: Float64Array): Float64Array {
  const nearest = nearestTo(sample, centres);
  const [sums, counts] = [new Float64Array(centres.length), new Float64Array(centres.length / 3)];
  nearest.forEach((group, i) => {
    counts[group]!++;
    for (let c = 0; c < 3; c++) sums[3 * group + c]! += sample[3 * i + c]!;
  });
  return centres.map((value, i) => {
    const members = counts[Math.floor(i / 3)]!;
    return members > 0 ? sums[i]! / members : value;
  });
}

/** The number of the centre nearest to each colour. */
function nearestTo(colours: Float32Array, centres: Float64Array): Uint8Array {
  const squares = new Float64Array(centres.length / 3);
  for (let i = 0; i < centres.length; i++) squares[Math.floor(i / 3)]! += centres[i]! ** 2;
  const nearest = new Uint8Array(colours.length / 3);
  for (let i = 0; i < nearest.length; i++) {
    let least = Infinity;
    for (let group = 0, k = 0; group < squares.length; group++, k += 3) {
      const along =
        colours[3 * i]! * centres[k]! + colours[3 * i + 1]! * centres[k + 1]! + colours[3 * i + 2]! * centres[k + 2]!;
      const away = squares[group]! - 2 * along;
      if (away < least) {
        least = away;
        nearest[i] = group;
      }
    }
  }
  return nearest;
}
