/** Shadows drawn from a matte alone: dropped behind it, laid on the ground, or dark where it stands; Python's `kernels/shadow.py`. */
import type { Shadow } from "../editor/recipe.ts";
import type { Size } from "../pictures.ts";
import { gaussianBlur } from "./composite.ts";
import { largest } from "./extremes.ts";
import { gathered, resize } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import { rowsOf } from "./rows.ts";

/**
 * The alpha of black, h×w, that falls behind a subject of `alpha`, h×w. Angle 0 is to the right, 90 straight down; softness
 * is the standard deviation of its blur; opacity is 0 to 1. Beyond the border the subject goes on as it ends.
 */
export function dropShadow(alpha: Float32Array, size: Size, shadow: Omit<Shadow, "kind">): Float32Array {
  const [height, width] = size;
  const radians = (shadow.angle_deg * Math.PI) / 180;
  const down = places(height, shadow.distance_px * Math.sin(radians));
  const across = places(width, shadow.distance_px * Math.cos(radians));
  let result: Float32Array = new Float32Array(alpha.length);
  const row = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const [upper, lower] = [down.before[y]! * width, Math.min(down.before[y]! + 1, height - 1) * width];
    const gone = down.gone[y]!;
    for (let x = 0; x < width; x++) row[x] = alpha[upper + x]! * (1 - gone) + alpha[lower + x]! * gone;
    for (let x = 0; x < width; x++) {
      const before = across.before[x]!;
      const share = across.gone[x]!;
      result[y * width + x] = row[before]! * (1 - share) + row[Math.min(before + 1, width - 1)]! * share;
    }
  }
  if (shadow.softness_px > 0) result = gathered(gaussianBlur(rowsOf(result, size, 1), shadow.softness_px));
  return result.map((value) => value * shadow.opacity);
}

const SOLID = 0.5;
/** A shadow that falls exactly to the side would be a line: it keeps this share of its length as its depth. */
const FLATTEST = 0.12;
/** The blur of a shadow on the ground, as shares of its softness: where it begins, on the way, at its end. */
const BLURS = [0.15, 0.5, 1] as const;
/** How much of a cast shadow is left at its end. */
const LEFT = 0.6;
/** What counts as standing, in shares of the subject's width and height. */
const [NEIGHBOURHOOD, RISE, DEPTH] = [0.06, 0.015, 0.18];
/** A tight line and the wider dark around it: width as a share of softness, and strength. */
const LINES = [
  [0.25, 0.6],
  [1, 0.4],
] as const;

/**
 * The alpha of black, h×w, of a subject's silhouette laid on the ground from where it stands: the shadow of its highest
 * point lies `distance_px` from its lowest row in the direction of the angle (90 is towards the viewer, 270 away).
 */
export function castShadow(alpha: Float32Array, size: Size, shadow: Omit<Shadow, "kind">): Float32Array {
  const [height, width] = size;
  const plane = new Float32Array(alpha.length);
  const { top, foot } = standing(alpha, size);
  if (foot === 0) return plane;
  const radians = (shadow.angle_deg * Math.PI) / 180;
  const [across, down] = [shadow.distance_px * Math.cos(radians), shadow.distance_px * Math.sin(radians)];
  const depth = Math.max(1, roundEven(Math.max(Math.abs(down), FLATTEST * shadow.distance_px)));
  const flat = resize(alpha.subarray(top * width, foot * width), [foot - top, width], [depth, width], "box");
  for (let step = 0; step < depth; step++) {
    const y = down > 0 ? foot + step : foot - 1 - step;
    if (y < 0 || y >= height) continue;
    const by = (across * (step + 0.5)) / depth;
    const row = flat.subarray((depth - 1 - step) * width, (depth - step) * width);
    for (let x = 0; x < width; x++) {
      const at = x - by;
      if (at < 0 || at > width - 1) continue;
      const before = Math.floor(at);
      const share = at - before;
      plane[y * width + x] = row[before]! * (1 - share) + row[Math.min(before + 1, width - 1)]! * share;
    }
  }
  const way = Float64Array.from({ length: height }, (_, y) => clamped(Math.abs(y + 0.5 - foot) / depth, 0, 1));
  const result = blurredAlong(plane, size, way, shadow.softness_px);
  return result.map((value, i) => value * (1 - (1 - LEFT) * way[Math.floor(i / width)]!) * shadow.opacity);
}

/** The alpha of black, h×w, of the darkness right where a subject stands: along its lowest points, soon gone. */
export function contactShadow(
  alpha: Float32Array,
  size: Size,
  { softness_px, opacity }: Pick<Shadow, "softness_px" | "opacity">,
): Float32Array {
  const [height, width] = size;
  const total = new Float32Array(alpha.length);
  const { top, foot, bottom } = standing(alpha, size);
  if (foot === 0) return total;
  const columns = [...bottom.keys()].filter((x) => bottom[x]! > 0);
  const [tall, broad] = [foot - top, columns.at(-1)! + 1 - columns[0]!];
  const lowest = largest(bottom, [1, width], Math.max(1, roundEven(NEIGHBOURHOOD * broad)));
  const stands = bottom.map((row, x) =>
    row > 0 ? Math.exp(-((lowest[x]! - row) / (RISE * tall) + (foot - row) / (DEPTH * tall))) : 0,
  );
  const half: Size = [height, Math.max(1, width >> 1)];
  for (const [share, strength] of LINES) {
    const blur = Math.max(softness_px * share, 0.5);
    const band = new Float32Array(alpha.length);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const within = Math.min(y + 0.5 - (bottom[x]! - blur), bottom[x]! + blur - (y + 0.5)) + 0.5;
        band[i] = clamped(within, 0, 1) * stands[x]!;
      }
    }
    const narrow = resize(band, size, half, "box");
    const wide = resize(gathered(gaussianBlur(rowsOf(narrow, half, 1), blur)), half, size, "bilinear");
    const most = Math.max(highest(wide), 1e-6);
    for (let i = 0; i < total.length; i++) total[i]! += (strength * wide[i]!) / most;
  }
  const most = Math.max(highest(total), 1e-6);
  return total.map((value) => (value * opacity) / most);
}

/** The first row of what is solid, the row under its last, and the row under it in each column; all 0 where nothing is. */
function standing(alpha: Float32Array, [height, width]: Size): { top: number; foot: number; bottom: Float32Array } {
  const bottom = new Float32Array(width);
  let top = height;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (alpha[i]! <= SOLID) continue;
      top = Math.min(top, y);
      bottom[x] = y + 1;
    }
  }
  return { top, foot: highest(bottom), bottom };
}

function highest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** Rows blurred the more the further they are on their way from 0 to 1. */
function blurredAlong(plane: Float32Array, size: Size, way: Float64Array, softness_px: number): Float32Array {
  if (softness_px <= 0) return plane;
  const result = new Float32Array(plane.length);
  BLURS.forEach((share, index) => {
    const blurred = gathered(gaussianBlur(rowsOf(plane, size, 1), Math.max(softness_px * share, 1e-3)));
    for (let y = 0; y < size[0]; y++) {
      const wanted = BLURS[0] + way[y]! * (1 - BLURS[0]);
      const next = wanted < share ? BLURS[index - 1] : BLURS[index + 1];
      const weight = wanted === share ? 1 : next === undefined ? 0 : Math.max(0, 1 - (wanted - share) / (next - share));
      for (let i = y * size[1]; i < (y + 1) * size[1]; i++) result[i]! += blurred[i]! * weight;
    }
  });
  return result;
}

/** Where each of `length` numbers comes from when they move by so many, parts too; those at the ends are repeated. */
function places(length: number, by: number): { before: Int32Array; gone: Float32Array } {
  const before = new Int32Array(length);
  const gone = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const at = clamped(i - by, 0, length - 1);
    before[i] = Math.floor(at);
    gone[i] = at - before[i]!;
  }
  return { before, gone };
}
