/**
 * Glass and smoke: how much of its backdrop a subject lets through.
 *
 * A pixel is I = αF + (1 − α)B. With B guessed from around the subject (`behind.ts`), the least α that still leaves F a
 * colour is the share of light that cannot be the backdrop's. Sources are in Python's `kernels/glass.py`.
 */
import type { Size, Through } from "../pictures.ts";
import type { Behind } from "./behind.ts";
import { asPlanes } from "./planes.ts";
import { shrink } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import { type Numbers, one, rowsOf } from "./rows.ts";
import { sampled } from "./sampled.ts";
import { around, heightOf, type Window, widthOf } from "./windows.ts";

/** The longer side, at most, that the backdrop is guessed at. */
const GRID = 224;
/** How much denser things are than they must be at least: what is left through is taken to this power. */
const BODY = 1.75;
/** Differences from the backdrop that say nothing: always, and as a share of how much it varies around there. */
const [NOISE, DOUBT] = [0.015, 0.5];
const DARKEST = 0.04;
/** Cells of the grid a side that are worked on at a time. */
const STEP = 48;
const FAINTEST = 1e-3;

/** The grid of a photo of this size. */
export function gridOf([height, width]: Size): Size {
  const ratio = Math.min(1, GRID / Math.max(height, width));
  return [Math.max(1, roundEven(height * ratio)), Math.max(1, roundEven(width * ratio))];
}

/** A photo's colours on its grid, 3×h×w. */
export function reduced(rgb: Numbers, size: Size): Float32Array {
  return asPlanes(shrink(rowsOf(rgb, size, 3), gridOf(size), "box"));
}

/** The least alpha, h×w, with which `planes` over `colour` (3×h×w) needs no colour beyond [0, 1]. */
export function leastAlpha(planes: Float32Array, colour: Float32Array, tolerance: number): Float32Array {
  const cells = planes.length / 3;
  return Float32Array.from({ length: cells }, (_, at) => {
    let most = 0;
    for (let i = at; i < planes.length; i += cells) most = Math.max(most, beyond(planes[i]!, colour[i]!, tolerance));
    return Math.min(most, 1);
  });
}

/** How far a value is from the backdrop's, of how far it could be. */
function beyond(value: number, colour: number, tolerance: number): number {
  const difference = value - colour;
  const room = difference > 0 ? 1 - colour : colour;
  return (Math.abs(difference) - tolerance) / Math.max(room, DARKEST);
}

/** `alpha` (H×W) where `places` are transparent: as thin as the photo's colours allow; no alpha grows. */
export function thinned(
  rgb: Numbers,
  alpha: Float32Array,
  size: Size,
  places: Float32Array,
  back: Behind,
): Float32Array {
  const [result, grid, inverse] = [alpha.slice(), gridOf(size), 1 / one(rgb)];
  for (const window of windowsOf(places, grid, size)) {
    const [height, width] = [heightOf(window), widthOf(window)];
    const colour = sampled(back.colour, grid, window, size);
    const variation = sampled(back.variation, grid, window, size);
    const shares = sampled(places, grid, window, size);
    const count = height * width;
    for (let i = 0; i < count; i++) {
      const at = (window[0] + Math.floor(i / width)) * size[1] + window[1] + (i % width);
      let least = 0;
      for (let channel = 0, c = i; channel < 3; channel++, c += count) {
        const tolerance = NOISE + DOUBT * clamped(variation[c]!, 0, 1);
        least = Math.max(least, beyond(rgb[3 * at + channel]! * inverse, clamped(colour[c]!, 0, 1), tolerance));
      }
      const through = shares[i]! * (1 - Math.min(least, 1)) ** BODY;
      result[at] = Math.min(alpha[at]!, 1 - through);
    }
  }
  return result;
}

/** A part of a photo of size `whole`: where it begins, and its size. */
export interface PartOf {
  readonly whole: Size;
  readonly top: number;
  readonly left: number;
  readonly size: Size;
}

/**
 * Writes F of I = αF + (1 − α)B into `result` (h×w×3) where the subject is transparent and `alpha` is soft, as far as
 * `strength` says. `rgb`, `alpha` and `result` are those of a part.
 */
export function ownColours(
  rgb: Numbers,
  alpha: Float32Array,
  { whole, top, left, size }: PartOf,
  { places, backdrop, grid }: Through,
  result: Numbers,
  strength: number,
): void {
  if (strength === 0) return;
  const [inverse, most, half] = [1 / one(rgb), one(result), result instanceof Float32Array ? 0 : 0.5];
  for (const [above, before, below, after] of windowsOf(places, grid, whole)) {
    const window: Window = [
      Math.max(above, top),
      Math.max(before, left),
      Math.min(below, top + size[0]),
      Math.min(after, left + size[1]),
    ];
    const [height, width] = [heightOf(window), widthOf(window)];
    if (height <= 0 || width <= 0) continue;
    const colour = sampled(backdrop, grid, window, whole);
    const shares = sampled(places, grid, window, whole);
    for (let i = 0; i < height * width; i++) {
      const at = (window[0] - top + Math.floor(i / width)) * size[1] + window[1] - left + (i % width);
      const share = alpha[at]!;
      if (share === 0 || share === 1 || shares[i]! <= 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        const kept = rgb[3 * at + channel]! * inverse;
        const behind = clamped(colour[channel * height * width + i]!, 0, 1);
        const own = clamped((kept - (1 - share) * behind) / Math.max(share, FAINTEST), 0, 1);
        result[3 * at + channel] = clamped(kept + strength * (own - kept), 0, 1) * most + half;
      }
    }
  }
}

/** The parts of a photo that marked cells of the grid lie in; none overlaps another. */
function* windowsOf(places: Float32Array, grid: Size, size: Size): Generator<Window> {
  const marks = Uint8Array.from(places, (place) => (place > 0 ? 1 : 0));
  const [rows, columns] = [size[0] / grid[0], size[1] / grid[1]];
  for (const [top, left, bottom, right] of around(marks, grid, STEP, 0)) {
    yield [roundEven(top * rows), roundEven(left * columns), roundEven(bottom * rows), roundEven(right * columns)];
  }
}
