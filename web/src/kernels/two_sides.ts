/**
 * Alpha as the way from the background's colour to the subject's, window by window.
 *
 * At a crisp edge few pixels are mixed, and those that a network draws soft say little. What is sure on either side says
 * what its colours are, and a pixel's alpha is how far its own colour has gone from one to the other. That is linear in
 * colour, as the model of `guided.ts` is: learned on a reduced photo, applied to the colours of the full one.
 */
import { boxMean } from "./box_sums.ts";
import { step } from "./planes.ts";
import type { Marks } from "./windows.ts";

/** Alpha from which on a pixel is surely the one, and up to which the other. */
const [SUBJECT, BACKGROUND] = [[0.9, 0.98] as const, [0.02, 0.1] as const];
/** Share of a window that either side needs. */
const SEEN = [0.02, 0.08] as const;
/** How far apart both colours must be, squared, in terms of how uneven they are together. */
const APART = [4, 12] as const;
const [NOISE, LEAST] = [4e-4, 1e-4];
/** Planes of the sums of one side: its share, colours, their square. */
const SUMS = 5;

/**
 * Coefficients (red, green, blue, constant) of alpha as a linear function of colour, and how far they are to be
 * believed, 0 to 1: 5×h×w.
 *
 * `planes` 3×h×w and `alpha` h×w in [0, 1]. Windows reach `radius` pixels each way. Nothing is believed where a window
 * has only one side, or where its sides differ less in colour than each does within itself. With `wanted`, h×w, only the
 * pixels that it marks are told of; the others are zero.
 */
export function modelOfTwoSides(
  planes: Float32Array,
  alpha: Float32Array,
  height: number,
  width: number,
  radius: number,
  wanted: Marks | null = null,
): Float32Array {
  const count = alpha.length;
  const sums = boxMean(bothSides(planes, alpha), height, width, radius);
  const result = new Float32Array(5 * count);
  const [colour, other] = [new Float64Array(4), new Float64Array(4)];
  for (let i = 0; i < count; i++) {
    if (wanted && !wanted[i]) continue;
    moments(sums, i, count, colour);
    moments(sums, SUMS * count + i, count, other);
    const [red, green, blue] = [colour[0]! - other[0]!, colour[1]! - other[1]!, colour[2]! - other[2]!];
    const apart = red * red + green * green + blue * blue;
    const scale = 1 / (apart + LEAST);
    result[i] = red * scale;
    result[count + i] = green * scale;
    result[2 * count + i] = blue * scale;
    result[3 * count + i] = -(other[0]! * red + other[1]! * green + other[2]! * blue) * scale;
    const seen = step(Math.min(sums[i]!, sums[SUMS * count + i]!), ...SEEN);
    result[4 * count + i] = seen * step(apart / (colour[3]! + other[3]! + NOISE), ...APART);
  }
  return result;
}

/** What is summed up of the subject and of the background: 10×h×w. */
function bothSides(planes: Float32Array, alpha: Float32Array): Float32Array {
  const count = alpha.length;
  const result = new Float32Array(2 * SUMS * count);
  const [surely, likely] = SUBJECT;
  const [nothing, hardly] = BACKGROUND;
  for (let i = 0; i < count; i++) {
    const value = alpha[i]!;
    // No pixel is of both sides, and most are of one.
    const isSubject = value > surely;
    if (!isSubject && value >= hardly) continue;
    const share = isSubject ? step(value, surely, likely) : 1 - step(value, nothing, hardly);
    const at = isSubject ? i : SUMS * count + i;
    const red = planes[i]!;
    const green = planes[count + i]!;
    const blue = planes[2 * count + i]!;
    result[at] = share;
    result[at + count] = share * red;
    result[at + 2 * count] = share * green;
    result[at + 3 * count] = share * blue;
    result[at + 4 * count] = share * (red * red + green * green + blue * blue);
  }
  return result;
}

/** The mean colour of one side, and its variance over all channels. */
function moments(sums: Float32Array, at: number, count: number, result: Float64Array): void {
  const share = Math.max(sums[at]!, LEAST);
  let square = 0;
  for (let c = 0; c < 3; c++) {
    result[c] = sums[at + (c + 1) * count]! / share;
    square += result[c]! ** 2;
  }
  result[3] = Math.max(sums[at + 4 * count]! / share - square, 0);
}
