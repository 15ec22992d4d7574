/**
 * Moving, blurring and hardening the edge of a matte, worked on only where there is one.
 *
 * Each gives back a new array in [0, 1]. What lies deep inside or far outside is left to the bit, and the photo's border
 * is no edge: beyond it the matte goes on as it ends.
 */
import type { Size } from "../pictures.ts";
import { discOf, moved, type Plane } from "./discs.ts";
import { BEYOND, enlargedCells, framed, gaussian, padded, reduced, settle, weighed } from "./gaussian.ts";
import { clamped } from "./rounding.ts";
import { grown, heightOf, type Window, widthOf } from "./windows.ts";

const BLOCK = 64;
const LARGEST_BLOCK = 256;
/** Blocks side by side are worked on together: less is computed twice. */
const ROW_OF_BLOCKS = 4;
const WIDEST_TAPS = 4;

/**
 * `alpha` (H×W) with its edge moved by `shiftPx`: outwards where it is positive.
 *
 * The largest (or least) alpha within a disc of that radius, so the soft edge moves as a whole and keeps its profile.
 * Parts of a pixel are interpolated between whole radii.
 */
export function shiftEdge(alpha: Float32Array, size: Size, shiftPx: number): Float32Array {
  const disc = discOf(Math.abs(shiftPx));
  const sign = shiftPx > 0 ? 1 : -1;
  return worked(alpha, size, disc.reach, disc.reach, (around) => {
    // The least of alpha is the largest of what it is the negative of.
    const signed = around.values.map((value) => value * sign);
    const { values } = moved({ ...around, values: signed }, disc);
    return values.map((value) => clamped(value * sign, 0, 1));
  });
}

/**
 * `alpha` (H×W) blurred by a Gaussian of standard deviation `radiusPx`, which ends at three of them.
 *
 * Wide blurs are computed at reduced size, where nothing of them is lost.
 */
export function softenEdge(alpha: Float32Array, size: Size, radiusPx: number): Float32Array {
  const radius = Math.min(radiusPx, Math.max(...size));
  if (radius <= WIDEST_TAPS) return blurred(alpha, size, gaussian(radius));
  const step = Math.floor(radius / (WIDEST_TAPS / 2));
  // Means of a cell's pixels have blurred a little already: a box of width 1 has a variance of 1/12.
  const taps = gaussian(Math.sqrt((radius / step) ** 2 - 1 / 12));
  // With what is beyond the border, so that enlarging sees both sides of it.
  const cells = padded(reduced(alpha, size, step), BEYOND);
  const small = blurred(cells.values, [cells.height, cells.width], taps);
  const far = step * ((taps.length >> 1) + 3);
  return worked(alpha, size, 0, far, (_, window) => enlargedCells({ ...cells, values: small }, window, step));
}

/**
 * `alpha` on a curve through 0, ½ and 1 that is steeper in the middle, or flatter.
 *
 * `contrast` is -100 to 100: at 100 all from a half on is 1 and the rest 0, at -100 the middle has a quarter of its
 * slope. The curve is symmetric, rises everywhere, and its ends have a finite slope, so that faint fog stays faint:
 * C. Schlick, "Fast Alternatives to Perlin's Bias and Gain Functions", Graphics Gems IV, 1994.
 */
export function hardenEdge(alpha: Float32Array, contrast: number): Float32Array {
  if (contrast >= 100) return alpha.map((value) => (value >= 0.5 ? 1 : 0));
  const slope = contrast > 0 ? 100 / (100 - contrast) : 1 + 0.0075 * contrast;
  const result = new Float32Array(alpha.length);
  for (let i = 0; i < alpha.length; i++) {
    const value = alpha[i]!;
    const end = value > 0.5 ? 1 - value : value; // how far from the nearer end
    const bent = end / ((slope - 1) * (1 - 2 * end) + 1);
    result[i] = value > 0.5 ? 1 - bent : bent;
  }
  return result;
}

function blurred(alpha: Float32Array, size: Size, taps: Float32Array): Float32Array {
  const reach = taps.length >> 1;
  return worked(alpha, size, reach, reach, (around) => settle(weighed(around, taps)));
}

/**
 * A copy of `alpha` with what `work` makes of it in windows where there is an edge within `far` pixels.
 *
 * `work` gets the window with `reach` pixels around it (the border is repeated) and where the window lies, and gives back
 * the window. Not to be seen by it: what is all of one alpha.
 */
function worked(
  alpha: Float32Array,
  size: Size,
  reach: number,
  far: number,
  work: (around: Plane, window: Window) => Float32Array,
): Float32Array {
  const result = alpha.slice();
  for (const window of edgesOf(alpha, size, far)) {
    const made = work(framed(alpha, size, window, reach), window);
    const width = widthOf(window);
    for (let y = 0; y < heightOf(window); y++) {
      result.set(made.subarray(y * width, (y + 1) * width), (window[0] + y) * size[1] + window[1]);
    }
  }
  return result;
}

/** The windows with more than one alpha in them or within `reach` pixels of them. */
function* edgesOf(alpha: Float32Array, size: Size, reach: number): Generator<Window> {
  const block = clamped(2 ** Math.ceil(Math.log2(Math.max(1, 2 * reach))), BLOCK, LARGEST_BLOCK);
  const [height, width] = size;
  const extent = extremesOfBlocks(alpha, size);
  for (let top = 0; top < height; top += block) {
    const bottom = Math.min(top + block, height);
    let start = -1;
    for (let left = 0; left < width; left += block) {
      const right = Math.min(left + block, width);
      const hasEdge = isVaried(extent, grown([top, left, bottom, right], reach, size));
      if (hasEdge && start < 0) start = left;
      if (start < 0) continue;
      if (!hasEdge) yield [top, start, bottom, left];
      else if (right - start === ROW_OF_BLOCKS * block || right === width) yield [top, start, bottom, right];
      else continue;
      start = -1;
    }
  }
}

interface Extent {
  readonly least: Float32Array;
  readonly most: Float32Array;
  readonly across: number;
}

function extremesOfBlocks(alpha: Float32Array, size: Size): Extent {
  const [height, width] = size;
  const across = Math.ceil(width / BLOCK);
  const count = Math.ceil(height / BLOCK) * across;
  const least = new Float32Array(count).fill(Infinity);
  const most = new Float32Array(count).fill(-Infinity);
  for (let y = 0; y < height; y++) {
    for (let column = 0, i = y * width; column < across; column++) {
      const cell = Math.floor(y / BLOCK) * across + column;
      let low = least[cell]!;
      let high = most[cell]!;
      for (const end = y * width + Math.min(width, (column + 1) * BLOCK); i < end; i++) {
        const value = alpha[i]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      least[cell] = low;
      most[cell] = high;
    }
  }
  return { least, most, across };
}

function isVaried(extent: Extent, near: Window): boolean {
  let [low, high] = [Infinity, -Infinity];
  for (let y = Math.floor(near[0] / BLOCK); y < Math.ceil(near[2] / BLOCK); y++) {
    for (let x = Math.floor(near[1] / BLOCK); x < Math.ceil(near[3] / BLOCK); x++) {
      low = Math.min(low, extent.least[y * extent.across + x]!);
      high = Math.max(high, extent.most[y * extent.across + x]!);
    }
  }
  return low < high;
}
