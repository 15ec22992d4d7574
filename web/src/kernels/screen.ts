/** The screen of one strong colour that a photo may have around its subject; of Python's `kernels/chroma.py`. */
import { median } from "./quantile.ts";
import { roundEven } from "./rounding.ts";
import type { Rows } from "./rows.ts";

/** How much more a screen has of its own channel than of the larger of the two others. */
export const LEAST_EXCESS = Math.fround(0.08);
/** A screen is looked for in this part of the photo at three sides, is so much of that, and is so even in its hue. */
const [BORDER, LEAST_BORDER, MOST_HUES] = [0.06, 0.3, 0.015];

export type Rgb = readonly [number, number, number];

/** The colour of the screen around a subject, null where the photo's border has none. */
export function findScreen(photo: Rows): Rgb | null {
  const border = borderOf(photo);
  const count = border.length / 3;
  const channels = new Int8Array(count).fill(-1);
  const counts = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [red, green, blue] = [border[3 * i]!, border[3 * i + 1]!, border[3 * i + 2]!];
    const channel = red >= green && red >= blue ? 0 : green >= blue ? 1 : 2;
    if (Math.fround(excessOf(red, green, blue, channel)) <= LEAST_EXCESS) continue;
    channels[i] = channel;
    counts[channel]!++;
  }
  const most = Math.max(...counts);
  if (most < LEAST_BORDER * count) return null;
  const best = counts.indexOf(most);
  const ours = [...channels.keys()].filter((i) => channels[i] === best);
  const sums = ours.map((i) => Math.fround(border[3 * i]! + border[3 * i + 1]! + border[3 * i + 2]!));
  const hues = [0, 1, 2].map((c) => Float32Array.from(ours, (i, n) => border[3 * i + c]! / sums[n]!));
  const usual = hues.map(median);
  const apart = Float32Array.from(ours, (_, n) => Math.max(...hues.map((hue, c) => Math.abs(hue[n]! - usual[c]!))));
  if (median(apart) > MOST_HUES) return null;
  return [0, 1, 2].map((c) => median(Float32Array.from(ours, (i) => border[3 * i + c]!))) as unknown as Rgb;
}

/** How much more of `channel` a colour has than of the larger of the two others. */
export function excessOf(red: number, green: number, blue: number, channel: number): number {
  if (channel === 0) return red - Math.max(green, blue);
  return channel === 1 ? green - Math.max(red, blue) : blue - Math.max(red, green);
}

/** Whether a colour has enough more of one channel than of the others. */
export function isStrong(screen: Rgb): boolean {
  const [, middle, most] = [...screen].sort((a, b) => a - b);
  return most! - middle! > LEAST_EXCESS;
}

/** Pixels at three sides, not at the lower one: a subject stands there. Those in corners count twice. */
function borderOf(photo: Rows): Float32Array {
  const [height, width] = photo.size;
  const side = Math.max(1, roundEven(BORDER * Math.min(height, width)));
  const [upper, beside] = [Math.min(side, height), Math.min(side, width)];
  const result = new Float32Array(3 * (upper * width + 2 * beside * height));
  let at = 0;
  const take = (y: number, left: number, right: number): void => {
    photo.read(y, left, right, result.subarray(at, at + 3 * (right - left)));
    at += 3 * (right - left);
  };
  for (let y = 0; y < upper; y++) take(y, 0, width);
  for (let y = 0; y < height; y++) {
    take(y, 0, beside);
    take(y, width - beside, width);
  }
  return result;
}
