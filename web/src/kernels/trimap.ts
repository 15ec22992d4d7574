/**
 * Alpha from a photo and a map of what is known to be the subject, what background, and what is to be found out. Sources are
 * in Python's `kernels/trimap.py`.
 */
import type { Size } from "../pictures.ts";
import { guessAlpha } from "./colour_pairs.ts";
import { linearModel } from "./guided.ts";
import { mattingLaplacian, solve } from "./matting_laplacian.ts";
import { asPlanes } from "./planes.ts";
import { resize, shrink } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import { type Rows, windowOf } from "./rows.ts";
import { sampled } from "./sampled.ts";
import { boxOf, cut, grown, heightOf, type Marks, markedWhere, widthOf } from "./windows.ts";

/** The longer side that alpha is solved at, at most. */
const LONGEST = 640;
/** Known pixels around the unknown ones, of the solved size, that are looked at for their colours. */
const MARGIN_PX = 50;
const EPSILON = 1e-7;
/** How much a trusted guess counts beside what the 3×3 neighbours say. */
const [TRUST, LEAST_TRUST] = [0.01, 1e-4];
const [TOLERANCE, MOST_ROUNDS] = [2e-3, 400];
const FINE_EPSILON = 1e-5;
const SMALLEST = 48;
/** Rows that are enlarged at a time. */
const ROWS = 64;

/**
 * Alpha, H×W in [0, 1]; known pixels are kept to the bit.
 *
 * `trimap`, H×W, is 0 where only background is, 1 where only the subject is, and anything between where alpha is to be
 * found. Where it knows nothing of one of the two, what it knows spreads.
 */
export function alphaFromTrimap(photo: Rows, trimap: Float32Array): Float32Array {
  const whole = photo.size;
  const result = trimap.slice();
  const found = boxOf(unknownIn(trimap), whole[1], [0, 0, ...whole]);
  if (!found) return result;
  const box = grown(found, MARGIN_PX * Math.max(1, Math.floor(Math.max(...whole) / LONGEST)), whole);
  const [part, known] = [windowOf(photo, box), cut(trimap, whole[1], box)];
  const full: Size = [heightOf(box), widthOf(box)];
  const ratio = Math.min(1, LONGEST / Math.max(...full));
  const size: Size = [Math.max(1, roundEven(full[0] * ratio)), Math.max(1, roundEven(full[1] * ratio))];
  const planes = asPlanes(shrink(part, size, "box"));
  const smallKnown = shrunk(known, full, size);
  const { guess, trust } = guessAlpha(planes, smallKnown, size);
  const weight = trust.map((value) => value * TRUST + LEAST_TRUST);
  const small = solved(planes, smallKnown, guess, weight, size).map((value) => clamped(value, 0, 1));
  const isWhole = size[0] === full[0] && size[1] === full[1];
  const alpha = isWhole ? small : enlarged(part, known, planes, small, size);
  for (let y = 0; y < full[0]; y++) {
    result.set(alpha.subarray(y * full[1], (y + 1) * full[1]), (box[0] + y) * whole[1] + box[1]);
  }
  return result;
}

function unknownIn(trimap: Float32Array): Marks {
  return markedWhere(trimap, (value) => value > 0 && value < 1);
}

/** The map at a smaller size: known only where all of the pixels are. */
function shrunk(trimap: Float32Array, from: Size, to: Size): Float32Array {
  if (from[0] === to[0] && from[1] === to[1]) return trimap;
  const small = new Float32Array(to[0] * to[1]).fill(0.5);
  for (const value of [0, 1]) {
    const others = resize(
      trimap.map((one) => Number(one !== value)),
      from,
      to,
      "box",
    );
    for (let i = 0; i < small.length; i++) if (others[i] === 0) small[i] = value;
  }
  return small;
}

/** Alpha at the size of `planes` (3×h×w), from half of it on, where what is far apart is settled in fewer rounds. */
function solved(
  planes: Float32Array,
  trimap: Float32Array,
  guess: Float32Array,
  weight: Float32Array,
  size: Size,
): Float32Array {
  const unknown = unknownIn(trimap);
  let start = guess;
  if (Math.min(...size) >= 2 * SMALLEST) {
    const half: Size = [size[0] >> 1, size[1] >> 1];
    const less = (plane: Float32Array): Float32Array => resize(plane, size, half, "box");
    const smaller = new Float32Array(3 * half[0] * half[1]);
    for (let c = 0; c < 3; c++) {
      const plane = planes.subarray(c * trimap.length, (c + 1) * trimap.length);
      smaller.set(less(plane), c * half[0] * half[1]);
    }
    const coarse = solved(smaller, shrunk(trimap, size, half), less(guess), less(weight), half);
    const beyond = resize(coarse, half, size, "bilinear");
    start = trimap.map((value, i) => (unknown[i] ? beyond[i]! : value));
  }
  const laplacian = mattingLaplacian(planes, size, unknown, EPSILON);
  return solve(laplacian, start, guess, weight, TOLERANCE, MOST_ROUNDS);
}

/** Alpha at the photo's size: each unknown pixel by the lines that the smaller picture's alpha has through its colours. */
function enlarged(
  photo: Rows,
  trimap: Float32Array,
  planes: Float32Array,
  small: Float32Array,
  size: Size,
): Float32Array {
  const full = photo.size;
  const ones = new Float32Array(small.length).fill(1);
  const lines = linearModel(planes, small, ones, ...size, 1, FINE_EPSILON).subarray(0, 4 * small.length);
  const result = trimap.slice();
  const colours = new Float32Array(3 * full[1]);
  for (let top = 0; top < full[0]; top += ROWS) {
    const bottom = Math.min(top + ROWS, full[0]);
    const unknown = unknownIn(trimap.subarray(top * full[1], bottom * full[1]));
    if (!unknown.includes(1)) continue;
    const here = sampled(lines, size, [top, 0, bottom, full[1]], full);
    for (let y = top, i = 0; y < bottom; y++) {
      photo.read(y, 0, full[1], colours);
      for (let x = 0; x < 3 * full[1]; x += 3, i++) {
        if (!unknown[i]) continue;
        let value = here[3 * unknown.length + i]!;
        for (let c = 0; c < 3; c++) value += here[c * unknown.length + i]! * colours[x + c]!;
        result[top * full[1] + i] = clamped(value, 0, 1);
      }
    }
  }
  return result;
}
