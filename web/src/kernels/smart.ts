/**
 * What a brush that says only roughly where makes of a matte: inside its stroke the photo's own edges decide. The twin of
 * Python's `kernels/smart.py`, which says how and why.
 */
import type { Stroke } from "../editor/recipe.ts";
import type { Box, Image, Size } from "../pictures.ts";
import { linearModel } from "./guided.ts";
import { likeness } from "./likeness.ts";
import { mattingLaplacian, solve } from "./matting_laplacian.ts";
import { asPlanes } from "./planes.ts";
import { gathered, resize, resizedRows } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import { type Numbers, type Rows, rowsOf, visible, windowOf } from "./rows.ts";
import { sampled } from "./sampled.ts";
import { strokeCoverage } from "./strokes/coverage.ts";
import { boxAround } from "./strokes/reach.ts";
import type { Marks } from "./windows.ts";

/** The longer side that alpha is solved at, at most. */
const LONGEST = 512;
const LEAST_MARGIN_PX = 8;
/** How far beyond the stroke what the matte says is doubted, as a share of its radius. */
const RING = 1.5;
const CORE = 0.25;
const [SURE, DONE] = [Math.fround(0.95), Math.fround(0.99)];
const UNSURE = Math.fround(1 - 0.95);
/** Of the stroke's pixels: with fewer known ones of the subject around, the stroke's core shows its colours. */
const FEWEST = 0.01;
/** How much colours, and what the person wants, count beside what the 3×3 neighbours say. */
const [LIKENESS, WISH] = [Math.fround(2e-2), Math.fround(1e-4)];
const EPSILON = 3e-7;
/** Rounds at the solved size, twice as many at each half of it. */
const [ROUNDS, MOST_ROUNDS, TOLERANCE] = [25, 100, 1e-6];
const SMALLEST = 48;
/** What is this near to nothing or to all is taken for it. */
const CLEAR = 0.1;
const FINE_EPSILON = 1e-4;
const ROWS = 64;

export type Drawn = Pick<Stroke, "mode" | "diameter_px" | "hardness" | "opacity" | "points">;
type Photo = Pick<Image, "size"> & { readonly rgb: Numbers; readonly alpha: Numbers | null };

/** The part of a photo that `smartAlpha` looks at; null where the stroke touches nothing of it. */
export function smartBox(size: Size, stroke: Drawn): Box | null {
  const reach = stroke.diameter_px / 2 + 1;
  if (!boxAround(size, stroke.points, reach)) return null;
  return boxAround(size, stroke.points, reach + Math.max(LEAST_MARGIN_PX, stroke.diameter_px / 2));
}

/**
 * Alpha of the box, h×w, after the stroke; restoring never lowers it and erasing never raises it, and the photo's own alpha
 * stays the ceiling. `alpha` is of the box that `smartBox` gives; the stroke is in px of the photo. Large boxes are solved
 * at reduced size and follow the photo's colours from there.
 */
export function smartAlpha(photo: Photo, box: Box, alpha: Float32Array, stroke: Drawn): Float32Array {
  const size: Size = [box[2] - box[0], box[3] - box[1]];
  const own = within(stroke, box, 1, 1);
  const covered = strokeCoverage(size, own, own.points);
  if (!covered) return alpha;
  const solved = solvedIn(windowOf(visible(photo), box), alpha, size, own);
  const ceiling = photo.alpha && gathered(windowOf(rowsOf(photo.alpha, photo.size, 1), box));
  const result = alpha.slice();
  const [top, left, bottom, right] = covered.box;
  for (let y = top, k = 0; y < bottom; y++) {
    for (let i = y * size[1] + left; i < y * size[1] + right; i++, k++) {
      const clear = clamped((solved[i]! - CLEAR) / (1 - 2 * CLEAR), 0, 1);
      const most = ceiling ? Math.min(clear, ceiling[i]!) : clear;
      const wanted = stroke.mode === "erase" ? Math.min(alpha[i]!, clear) : Math.max(alpha[i]!, most);
      result[i] = alpha[i]! + (wanted - alpha[i]!) * covered.coverage[k]! * stroke.opacity;
    }
  }
  return result;
}

/** A stroke on a part of the picture, drawn so many times as large. */
function within(stroke: Drawn, box: Box, down: number, across: number): Drawn {
  const points = stroke.points.map(
    ([x, y, pressure]) => [(x - box[1]) * across, (y - box[0]) * down, pressure] as const,
  );
  return { ...stroke, diameter_px: (stroke.diameter_px * (down + across)) / 2, points };
}

/** What the photo says of the stroke's pixels, h×w in [0, 1]; elsewhere it is of no use. */
function solvedIn(photo: Rows, alpha: Float32Array, full: Size, stroke: Drawn): Float32Array {
  const ratio = Math.min(1, LONGEST / Math.max(...full));
  const size: Size = [Math.max(1, roundEven(full[0] * ratio)), Math.max(1, roundEven(full[1] * ratio))];
  const rgb = gathered(size[0] === full[0] && size[1] === full[1] ? photo : resizedRows(photo, size, "box"));
  const scaled = within(stroke, [0, 0, ...full], size[0] / full[0], size[1] / full[1]);
  const erases = stroke.mode === "erase";
  // To erase is to restore the background: all is turned round, and back.
  const turned = (values: Float32Array): Float32Array => (erases ? values.map((value) => 1 - value) : values);
  const planes = asPlanes(rgb);
  const small = turned(restored(rgb, planes, turned(resize(alpha, full, size, "box")), size, scaled));
  if (size[0] === full[0] && size[1] === full[1]) return small;
  return followed(photo, full, planes, small, size);
}

/** A small alpha at the photo's size, by the lines that it has through the photo's colours. */
function followed(photo: Rows, full: Size, planes: Float32Array, small: Float32Array, size: Size): Float32Array {
  const ones = new Float32Array(small.length).fill(1);
  const lines = linearModel(planes, small, ones, size[0], size[1], 1, FINE_EPSILON).subarray(0, 4 * small.length);
  const result = new Float32Array(full[0] * full[1]);
  const colours = new Float32Array(3 * full[1]);
  for (let top = 0; top < full[0]; top += ROWS) {
    const bottom = Math.min(top + ROWS, full[0]);
    const here = sampled(lines, size, [top, 0, bottom, full[1]], full);
    const count = (bottom - top) * full[1];
    for (let y = top, i = 0; y < bottom; y++) {
      photo.read(y, 0, full[1], colours);
      for (let x = 0; x < 3 * full[1]; x += 3, i++) {
        const value =
          here[3 * count + i]! +
          here[i]! * colours[x]! +
          here[count + i]! * colours[x + 1]! +
          here[2 * count + i]! * colours[x + 2]!;
        result[top * full[1] + i] = clamped(value, 0, 1);
      }
    }
  }
  return result;
}

/** Alpha where a stroke restores, at the size of `rgb`. */
function restored(
  rgb: Float32Array,
  planes: Float32Array,
  alpha: Float32Array,
  size: Size,
  stroke: Drawn,
): Float32Array {
  const unknown = touched(size, stroke, 1).map((mark, i) => mark && Number(alpha[i]! < DONE));
  if (!unknown.includes(1)) return alpha;
  const subject = unknown.map((mark, i) => Number(!mark && alpha[i]! > SURE));
  if (sum(subject) < FEWEST * sum(unknown)) {
    touched(size, stroke, CORE).forEach((mark, i) => {
      if (mark && unknown[i]) subject[i] = 1;
    });
  }
  const background = unknown.map((mark, i) => Number(!mark && alpha[i]! < UNSURE));
  const first = likeness(rgb, subject, background);
  touched(size, stroke, RING).forEach((mark, i) => {
    if (!mark || !background[i] || first[i]! <= 0.5) return;
    background[i] = 0;
    unknown[i] = 1;
  });
  const like = likeness(rgb, subject, background);
  const weight = new Float32Array(alpha.length);
  const guess = alpha.slice();
  for (let i = 0; i < alpha.length; i++) {
    if (!unknown[i]) continue;
    const says = LIKENESS * (2 * like[i]! - 1) ** 4;
    weight[i] = WISH + says;
    guess[i] = (WISH + says * like[i]!) / (WISH + says);
  }
  return relaxed(planes, alpha, size, unknown, guess, weight, ROUNDS);
}

function sum(marks: Marks): number {
  return marks.reduce((total, mark) => total + mark, 0);
}

/** The pixels that the stroke would touch, were it so many times as wide. */
function touched(size: Size, stroke: Drawn, times: number): Marks {
  const marks = new Uint8Array(size[0] * size[1]);
  const shape = { diameter_px: stroke.diameter_px * times, hardness: 1 };
  const covered = strokeCoverage(size, shape, stroke.points);
  if (!covered) return marks;
  const [top, left, bottom, right] = covered.box;
  for (let y = top, k = 0; y < bottom; y++) {
    for (let x = left; x < right; x++, k++) if (covered.coverage[k]! > 0) marks[y * size[1] + x] = 1;
  }
  return marks;
}

/** Alpha, solved from half the size on, where what is far apart is settled in fewer rounds. */
function relaxed(
  planes: Float32Array,
  alpha: Float32Array,
  size: Size,
  unknown: Marks,
  guess: Float32Array,
  weight: Float32Array,
  rounds: number,
): Float32Array {
  let start = guess.map((value, i) => (unknown[i] ? value : alpha[i]!));
  let count = MOST_ROUNDS;
  if (Math.min(...size) >= SMALLEST) {
    const half: Size = [size[0] >> 1, size[1] >> 1];
    const less = (plane: Float32Array): Float32Array => resize(plane, size, half, "box");
    const pixels = size[0] * size[1];
    const colours = [0, 1, 2].map((c) => less(planes.subarray(c * pixels, (c + 1) * pixels)));
    const smaller = new Float32Array(3 * half[0] * half[1]);
    colours.forEach((plane, c) => {
      smaller.set(plane, c * plane.length);
    });
    const marks = Uint8Array.from(less(Float32Array.from(unknown)), (share) => Number(share > 0));
    const next = Math.min(2 * rounds, MOST_ROUNDS);
    const coarse = relaxed(smaller, less(alpha), half, marks, less(guess), less(weight), next);
    const enlarged = resize(coarse, half, size, "bilinear");
    start = start.map((_, i) => (unknown[i] ? enlarged[i]! : alpha[i]!));
    count = rounds;
  }
  const laplacian = mattingLaplacian(planes, size, unknown, EPSILON);
  return solve(laplacian, start, guess, weight, TOLERANCE, count).map((value) => clamped(value, 0, 1));
}
