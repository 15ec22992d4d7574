/**
 * The subject is out of focus or moved: blurring it once more changes little.
 *
 * After F. Crete, T. Dolmiere, P. Ladret, M. Nicolas, "The blur effect: perception and estimation with a new no-reference
 * perceptual blur metric", SPIE 2007.
 */
import { resize } from "../kernels/resample.ts";
import type { Size } from "../pictures.ts";
import type { Look } from "./sign.ts";

const SPAN = 4;
const LEAST = 1e-6;

export const look: Look = ({ subject, fine, grid, fineGrid }) => {
  if (!subject.includes(1)) return [0, null];
  const weights = resize(Float32Array.from(subject), grid, fineGrid, "bilinear");
  return [Math.max(blurOf(fine, weights, fineGrid, true), blurOf(fine, weights, fineGrid, false)), subject];
};

/** How much of the change from row to row, or from column to column, is left by a blur, 0 to 1: little where all is sharp. */
function blurOf(grey: Float32Array, weights: Float32Array, [height, width]: Size, isDown: boolean): number {
  const [length, lines] = isDown ? [height, width] : [width, height];
  const [step, stride] = isDown ? [width, 1] : [1, width];
  if (length <= 2 * SPAN + 2) return 0;
  let [all, lost] = [0, 0];
  for (let line = 0; line < lines; line++) {
    for (let i = SPAN + 2; i < length - SPAN; i++) {
      const at = line * stride + i * step;
      const change = Math.abs(grey[at]! - grey[at - step]!);
      // Of the means over 2 SPAN + 1 pixels: what comes in less what goes out.
      const left = Math.abs(grey[at + SPAN * step]! - grey[at - (SPAN + 1) * step]!) / (2 * SPAN + 1);
      all += change * weights[at]!;
      lost += Math.max(change - left, 0) * weights[at]!;
    }
  }
  return all > LEAST * (length - 2 * SPAN - 2) * lines ? 1 - lost / all : 0;
}
