/** What a diagnosis looks at: photo, answers and matte on one small grid. */
import { toSrgb } from "../kernels/colour.ts";
import { bound } from "../kernels/composite.ts";
import { largest, smallest } from "../kernels/extremes.ts";
import { resize, shrink } from "../kernels/resample.ts";
import { roundEven } from "../kernels/rounding.ts";
import { rowsOf, visible } from "../kernels/rows.ts";
import type { Marks } from "../kernels/windows.ts";
import type { Matte, Prediction, Size } from "../pictures.ts";
import { isAfar, type Picture, shown } from "../steps/refine.ts";

/** Longer side of the grid; distances of the signs are in its cells. */
const SIDE = 256;
/** The photo's sharpness is judged on a grid so many times as fine. */
const FINE = 2;

/** A photo of `size` and what was made of it, on a `grid` of h×w; all in [0, 1]. */
export interface Evidence {
  readonly size: Size;
  readonly grid: Size;
  /** The photo in sRGB, h×w×3. */
  readonly rgb: Float32Array;
  /** Its grey, of `fineGrid`, twice the grid. */
  readonly fine: Float32Array;
  readonly fineGrid: Size;
  /** What was delivered. */
  readonly matte: Float32Array;
  /** The networks' answers, that of the one that draws first. */
  readonly answers: readonly Float32Array[];
  /** The cells that are mostly subject, and those on both sides of its outline. */
  readonly subject: Marks;
  readonly edge: Marks;
}

/** What the networks saw, said and were made to say of a photo; the matte may be one that `reduced` gave. */
export function evidenceOf(photo: Picture, predictions: readonly Prediction[], matte: Matte): Evidence {
  const [grid, fineGrid] = [fitted(photo.size, SIDE), fitted(photo.size, FINE * SIDE)];
  const colours = shrink(visible(photo), fineGrid, "box");
  bound(colours, colours.length);
  toSrgb(colours, photo.metadata.profile);
  const near = predictions.filter((one) => !isAfar(one));
  const answers = near.map((one) => {
    const { alpha, size } = shown(one);
    return reducedTo(grid, alpha, size);
  });
  return evidenceFrom({
    size: photo.size,
    grid,
    rgb: resize(colours, fineGrid, grid, "box", 3),
    fine: greyOf(colours),
    fineGrid,
    matte: reducedTo(grid, matte.alpha, matte.size),
    answers,
  });
}

/** The same with the subject's cells and its outline's. */
export function evidenceFrom(seen: Omit<Evidence, "subject" | "edge">): Evidence {
  const { matte, grid } = seen;
  const [most, least] = [largest(matte, grid, 1), smallest(matte, grid, 1)];
  return {
    ...seen,
    subject: Uint8Array.from(matte, (alpha) => (alpha > 0.5 ? 1 : 0)),
    edge: Uint8Array.from(most, (high, at) => (high > 0.5 && least[at]! <= 0.5 ? 1 : 0)),
  };
}

/** All that a diagnosis needs of a matte, so that the matte itself can be given away before. */
export function reduced({ alpha, size }: Matte): Matte {
  const grid = fitted(size, SIDE);
  return { size: grid, alpha: reducedTo(grid, alpha, size) };
}

function reducedTo(grid: Size, alpha: Float32Array, size: Size): Float32Array {
  const small = shrink(rowsOf(alpha, size, 1), grid, "box");
  bound(small, small.length);
  return small;
}

function greyOf(rgb: Float32Array): Float32Array {
  const grey = new Float32Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i++)
    grey[i] = rgb[3 * i]! * 0.299 + rgb[3 * i + 1]! * 0.587 + rgb[3 * i + 2]! * 0.114;
  return grey;
}

function fitted([height, width]: Size, side: number): Size {
  const ratio = Math.min(1, side / Math.max(height, width));
  return [Math.max(1, roundEven(height * ratio)), Math.max(1, roundEven(width * ratio))];
}
