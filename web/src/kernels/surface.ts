/** The surface that a subject stands on, as it would be without its shadow. Sources are in Python's `kernels/surface.py`. */
import type { Size } from "../pictures.ts";
import { boxMean } from "./box_sums.ts";
import { solvedLinear } from "./linear.ts";
import { weightedQuantile } from "./quantile.ts";
import { clamped } from "./rounding.ts";

/** Radius in cells of the window over which texture is averaged before the surface is looked for. */
const COARSE = 7;
const [TRIES, PLANE_TRIES, WIDE_TRIES] = [12, 4, 3];
const FEWEST = 30;
/** The light level is looked for from here on: most of the surface is not in the shadow. */
const BRIGHTER_THAN = 0.65;
const [LEAST_SPREAD, MOST_SPREAD, MOST_HUE] = [0.02, 0.2, 0.15];
const DARKEST = Math.fround(2 / 255);
const TERMS = 6;

/** Three planes of h×w: brightness, and red and blue against green. */
export type Tones = readonly [Float32Array, Float32Array, Float32Array];

/** Each cell's place in sizes of the subject: down from its foot, across from its middle. */
export interface Places {
  readonly down: Float32Array;
  readonly across: Float32Array;
}

export interface Surface {
  /** What the smooth surface leaves of the tones. */
  readonly rest: Tones;
  /** How much of the lit surface a cell is. */
  readonly lit: Float32Array;
  /** How far its colour is from the surface's, 1 where that is doubtful. */
  readonly strange: Float32Array;
}

/** The logarithm of brightness, and of red and of blue against green, of colours h×w×3: light changes the first alone. */
export function tones(rgb: Float32Array): Tones {
  const count = rgb.length / 3;
  const result: Tones = [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
  const log = (at: number): number => Math.fround(Math.log(Math.max(rgb[at]!, DARKEST)));
  for (let i = 0; i < count; i++) {
    const [red, green, blue] = [log(3 * i), log(3 * i + 1), log(3 * i + 2)];
    result[0][i] = (red + green + blue) / 3;
    result[1][i] = red - green;
    result[2][i] = blue - green;
  }
  return result;
}

/**
 * The lit surface as a polynomial of the second order in the place, for each of the tones; null where too little of it can
 * be seen. `near` h×w is how likely a cell belongs to it, `valid` 1 where no subject is.
 */
export function surface(
  seen: Tones,
  near: Float32Array,
  valid: Float32Array,
  places: Places,
  size: Size,
): Surface | null {
  const usable = [...near.keys()].filter((i) => near[i]! > Math.fround(0.01));
  if (usable.length < FEWEST) return null;
  const coarse = seen.map((tone) => averaged(tone, valid, COARSE, size).means);
  const terms = termsOf(places);
  const values = coarse.map((tone) => Float64Array.from(usable, (i) => tone[i]!));
  const prior = Float64Array.from(usable, (i) => near[i]!);
  const chosen = new Float64Array(TERMS * usable.length);
  usable.forEach((at, i) => {
    chosen.set(terms.subarray(TERMS * at, TERMS * (at + 1)), TERMS * i);
  });
  const { coefficients, spread, hue } = fitted(values, prior, chosen);
  const rest: Tones = [new Float32Array(near.length), new Float32Array(near.length), new Float32Array(near.length)];
  const [lit, strange] = [new Float32Array(near.length), new Float32Array(near.length)];
  for (let i = 0; i < near.length; i++) {
    const above = coarse.map((tone, t) => {
      const value = valueAt(terms, i, coefficients, t);
      rest[t]![i] = seen[t]![i]! - value;
      return tone[i]! - value;
    });
    lit[i] = near[i]! * weightOf(above[0]!, above[1]!, above[2]!, spread, hue);
    const away = Math.sqrt(above[1]! ** 2 + above[2]! ** 2);
    strange[i] = away / (2 * hue + 0.02 + 0.2 * Math.max(-above[0]!, 0));
  }
  return { rest, lit, strange };
}

/** Means of a plane by weight, over a square twice, and the weight's own. */
export function averaged(
  plane: Float32Array,
  weight: Float32Array,
  radius: number,
  size: Size,
): { means: Float32Array; known: Float32Array } {
  const count = plane.length;
  const both = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) both[i] = plane[i]! * weight[i]!;
  both.set(weight, count);
  const twice = boxMean(boxMean(both, ...size, radius), ...size, radius);
  const [means, known] = [twice.subarray(0, count), twice.subarray(count)];
  for (let i = 0; i < count; i++) means[i]! /= Math.max(known[i]!, 1e-4);
  return { means, known };
}

interface Fit {
  /** Of each tone, `TERMS` numbers. */
  readonly coefficients: readonly Float64Array[];
  /** How far brightness and hue of the lit surface vary. */
  readonly spread: number;
  readonly hue: number;
}

function fitted(values: readonly Float64Array[], prior: Float64Array, terms: Float64Array): Fit {
  const count = prior.length;
  let [spread, hue] = [0.3, 0.2];
  let coefficients: readonly Float64Array[] = values.map((tone, t) => {
    const level = new Float64Array(TERMS);
    level[0] = weightedQuantile(tone, prior, t === 0 ? BRIGHTER_THAN : 0.5);
    return level;
  });
  const weight = new Float64Array(count);
  const above = values.map(() => new Float64Array(count));
  const measure = (): void => {
    for (let t = 0; t < 3; t++) {
      for (let i = 0; i < count; i++) above[t]![i] = values[t]![i]! - valueAt(terms, i, coefficients, t);
    }
  };
  measure();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    for (let i = 0; i < count; i++) {
      weight[i] = prior[i]! * weightOf(above[0]![i]!, above[1]![i]!, above[2]![i]!, spread, hue);
    }
    coefficients = solved(terms, weight, values, attempt < PLANE_TRIES ? 3 : TERMS);
    measure();
    if (attempt < WIDE_TRIES) {
      spread *= 0.8;
      hue *= 0.8;
      continue;
    }
    const away = above[1]!.map((one, i) => Math.sqrt(one ** 2 + above[2]![i]! ** 2));
    const higher = [...away.keys()].filter((i) => above[0]![i]! > 0 && above[0]![i]! < 0.5);
    if (higher.length > 5) {
      const alike = higher.map((i) => prior[i]! / (1 + (away[i]! / hue) ** 2) ** 2);
      const brighter = higher.map((i) => above[0]![i]!);
      spread = clamped((1.3 / 0.67) * weightedQuantile(brighter, alike, 0.5), LEAST_SPREAD, MOST_SPREAD);
    }
    hue = clamped((1.5 / 0.8) * weightedQuantile(away, weight, 0.5), LEAST_SPREAD, MOST_HUE);
  }
  return { coefficients, spread, hue };
}

/** How much a residual counts: less the darker, the brighter, and the more of another colour it is. */
function weightOf(above: number, red: number, blue: number, spread: number, hue: number): number {
  const [darker, brighter] = [Math.max(-above, 0) / spread, Math.max(above, 0) / (1.5 * spread)];
  const colour = (red * red + blue * blue) / hue ** 2;
  return 1 / (1 + darker ** 2 + brighter ** 2) ** 2 / (1 + colour) ** 2;
}

/** Weighted least squares on the first `used` terms, slopes and curves held back a little. */
function solved(
  terms: Float64Array,
  weight: Float64Array,
  values: readonly Float64Array[],
  used: number,
): Float64Array[] {
  const [matrix, right] = [new Float64Array(used * used), new Float64Array(used * values.length)];
  let total = 0;
  for (let i = 0, from = 0; i < weight.length; i++, from += TERMS) {
    total += weight[i]!;
    for (let row = 0; row < used; row++) {
      const share = terms[from + row]! * weight[i]!;
      for (let column = 0; column < used; column++) matrix[row * used + column]! += share * terms[from + column]!;
      for (let t = 0; t < values.length; t++) right[row * values.length + t]! += share * values[t]![i]!;
    }
  }
  for (let row = 0; row < used; row++) matrix[row * used + row]! += total * (row === 0 ? 1e-6 : 1e-3) + 1e-12;
  const found = solvedLinear(matrix, right, values.length);
  return values.map((_, t) =>
    Float64Array.from({ length: TERMS }, (_, row) => (row < used ? found[row * values.length + t]! : 0)),
  );
}

function termsOf({ down, across }: Places): Float64Array {
  const result = new Float64Array(TERMS * down.length);
  for (let i = 0; i < down.length; i++) {
    const [y, x] = [down[i]!, across[i]!];
    result.set([1, x, y, x * x, x * y, y * y], TERMS * i);
  }
  return result;
}

function valueAt(terms: Float64Array, at: number, coefficients: readonly Float64Array[], tone: number): number {
  const [from, own] = [TERMS * at, coefficients[tone]!];
  return (
    own[0]! +
    own[1]! * terms[from + 1]! +
    own[2]! * terms[from + 2]! +
    own[3]! * terms[from + 3]! +
    own[4]! * terms[from + 4]! +
    own[5]! * terms[from + 5]!
  );
}
