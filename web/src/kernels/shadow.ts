/** A shadow drawn from a matte alone: moved, blurred, and weaker; the twin of Python's `kernels/shadow.py`. */
import type { Shadow } from "../editor/recipe.ts";
import type { Size } from "../pictures.ts";
import { gaussianBlur } from "./composite.ts";
import { gathered } from "./resample.ts";
import { clamped } from "./rounding.ts";
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
