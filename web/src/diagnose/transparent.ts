/** Parts of the inside are half transparent, and what lies behind seems to show through. */
import { largest, smallest } from "../kernels/extremes.ts";
import { likeness } from "../kernels/likeness.ts";
import { spread } from "../kernels/pieces.ts";
import { count, type Look } from "./sign.ts";

const [INSIDE, LOW, HIGH] = [2, Math.fround(0.08), Math.fround(0.92)];

export const look: Look = ({ matte, rgb, grid }) => {
  const [low, high] = [smallest(matte, grid, INSIDE), largest(matte, grid, INSIDE)];
  const grey = Uint8Array.from(low, (alpha, at) => (alpha > LOW && high[at]! < HIGH ? 1 : 0));
  if (!grey.includes(1)) return [0, null];
  const inside = Uint8Array.from(smallest(matte, grid, 1), (alpha) => (alpha > 0.95 ? 1 : 0));
  const outside = Uint8Array.from(largest(matte, grid, 1), (alpha) => (alpha < 0.05 ? 1 : 0));
  const looks = likeness(rgb, inside, outside);
  const seen = grey.map((mark, at) => (mark && looks[at]! < 0.5 ? 1 : 0));
  const body = matte.reduce((sum, alpha) => sum + (alpha > LOW ? 1 : 0), 0);
  return [count(seen) / Math.max(body, 1), spread(seen, grid, INSIDE)];
};
