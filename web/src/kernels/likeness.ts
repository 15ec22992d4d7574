/**
 * Whether a colour is the subject's or the background's, from how often each of them has it.
 *
 * Two histograms of colours, smoothed, as in M. Jones, J. Rehg, "Statistical color models with application to skin
 * detection", IJCV 46, 2002. Unlike a model of the neighbourhood it knows what a subject of several colours has
 * anywhere, and what its background never has.
 */
import { roundEven } from "./rounding.ts";
import type { Marks } from "./windows.ts";

/** Steps a channel. */
const LEVELS = 12;
/** The share of either side below which a colour says little. */
const RARE = 2e-4;

/**
 * h×w in (0, 1): 1 where only the subject has such colours, 0 where only the background has, else between.
 *
 * `rgb` is h×w×3 in [0, 1]; `subject` and `background` mark the pixels that are known. Half everywhere where one of the
 * two has none.
 */
export function likeness(rgb: Float32Array, subject: Marks, background: Marks): Float32Array {
  const result = new Float32Array(subject.length).fill(0.5);
  if (!subject.includes(1) || !background.includes(1)) return result;
  const colours = new Uint16Array(subject.length);
  const level = (value: number): number => roundEven(Math.fround(value * (LEVELS - 1)));
  for (let i = 0; i < colours.length; i++) {
    colours[i] = (level(rgb[3 * i]!) * LEVELS + level(rgb[3 * i + 1]!)) * LEVELS + level(rgb[3 * i + 2]!);
  }
  const [ours, theirs] = [sharesOf(colours, subject), sharesOf(colours, background)];
  for (let i = 0; i < colours.length; i++) {
    const [own, other] = [ours[colours[i]!]!, theirs[colours[i]!]!];
    result[i] = (own + RARE) / (own + other + 2 * RARE);
  }
  return result;
}

/** The share of the marked pixels that have each colour or one beside it, less by distance. */
function sharesOf(colours: Uint16Array, marks: Marks): Float64Array {
  let cube = new Float64Array(LEVELS ** 3);
  let total = 0;
  for (let i = 0; i < colours.length; i++) {
    if (!marks[i]) continue;
    cube[colours[i]!]!++;
    total++;
  }
  for (const stride of [LEVELS ** 2, LEVELS, 1]) {
    const smooth = new Float64Array(cube.length);
    for (let i = 0; i < cube.length; i++) {
      const place = Math.floor(i / stride) % LEVELS;
      const before = place > 0 ? cube[i - stride]! : 0;
      const after = place < LEVELS - 1 ? cube[i + stride]! : 0;
      smooth[i] = (before + 2 * cube[i]! + after) / 4;
    }
    cube = smooth;
  }
  return cube.map((count) => count / total);
}
