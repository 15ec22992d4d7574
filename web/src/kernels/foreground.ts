/**
 * The subject's own colours at soft pixels, where the photo shows a mixture.
 *
 * A pixel is I = αF + (1 − α)B with F and B nearly the same all over a cell of pixels (`mixture.ts`); what they leave of a
 * pixel unexplained is shared out between the two at the end. Only what is near soft pixels is worked on closely, so
 * that the cost follows the length of the edges more than the photo's area.
 */
import type { Size } from "../pictures.ts";
import { unmix } from "./mixture.ts";
import type { Field } from "./pyramid.ts";
import { clamped } from "./rounding.ts";
import { type Numbers, one } from "./rows.ts";
import type { Part } from "./surroundings.ts";

/** How much more of what a cell leaves unexplained is the subject's than the background's, more often out of focus. */
const OWN = 2;
/** How much of that is neither's, since alpha is not quite right. */
const UNSURE = 0.1;

/**
 * F of I = αF + (1 − α)B, H×W×3, written into `result`, which is zero, wherever alpha is more than 0.
 *
 * `rgb` is I, H×W×3; `alpha` H×W. `weight` H×W says how much each pixel's colour may be believed (null: all alike). Where
 * alpha is 1 the photo's colour is kept to the bit. `strength` is the share of the way from the photo's colour to F that
 * soft pixels go. `result` may hold other integers than `rgb`, or floats.
 * `part` says where these lie in a larger photo.
 */
export function estimateForeground(
  rgb: Numbers,
  alpha: Float32Array,
  weight: Numbers | null,
  size: Size,
  result: Numbers,
  strength = 1,
  part: Part | null = null,
): void {
  const field = strength > 0 ? unmix(rgb, alpha, weight, size, part) : null;
  const row = new OwnColours(rgb, weight, size, result, strength, field);
  for (let y = 0; y < size[0]; y++) row.write(y, alpha);
}

/** Writes the colours of rows, one after the other. */
class OwnColours {
  readonly #scale: number;
  readonly #inverse: number;
  readonly #most: number;
  readonly #half: number;
  /** F and B of a row of cells, six a cell, between the rows above and below. */
  readonly #pairs: Float32Array;

  constructor(
    readonly rgb: Numbers,
    readonly weight: Numbers | null,
    readonly size: Size,
    readonly result: Numbers,
    readonly strength: number,
    readonly field: Field | null,
  ) {
    this.#scale = one(result) / one(rgb);
    this.#inverse = 1 / one(rgb);
    this.#most = one(result);
    this.#half = result instanceof Float32Array ? 0 : 0.5;
    this.#pairs = new Float32Array(6 * (field?.size[1] ?? 0));
  }

  write(y: number, alpha: Float32Array): void {
    const { rgb, result } = this;
    const width = this.size[1];
    const scale = this.#scale;
    let isMixed = false;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const a = alpha[i]!;
      if (a === 0) continue;
      const at = 3 * i;
      if (a < 1 && this.field) {
        if (!isMixed) this.#mixRows(y);
        isMixed = true;
        this.#writeSoft(x, i, a);
      } else {
        result[at] = rgb[at]! * scale;
        result[at + 1] = rgb[at + 1]! * scale;
        result[at + 2] = rgb[at + 2]! * scale;
      }
    }
  }

  /** The pairs of all cells at the height of a row of pixels. */
  #mixRows(y: number): void {
    const { size, planes } = this.field!;
    const place = clamped((y + 0.5) / 4 - 0.5, 0, size[0] - 1);
    const before = Math.floor(place);
    const gone = place - before;
    for (let plane = 0; plane < 6; plane++) {
      const upper = (plane * size[0] + before) * size[1];
      const lower = (plane * size[0] + Math.min(before + 1, size[0] - 1)) * size[1];
      for (let x = 0; x < size[1]; x++) {
        this.#pairs[6 * x + plane] = planes[upper + x]! * (1 - gone) + planes[lower + x]! * gone;
      }
    }
  }

  /**
   * F of a single pixel from F̂ and B̂ that hold all around. The rest r = I − αF̂ − (1 − α)B̂ is F's and B's as they vary and
   * weigh in it, k to 1: F = F̂ + kα r / (kα² + (1 − α)² + s), the least sum of squares.
   */
  #writeSoft(x: number, i: number, a: number): void {
    const pairs = this.#pairs;
    const last = pairs.length / 6 - 1;
    const place = clamped((x + 0.5) / 4 - 0.5, 0, last);
    const cell = Math.floor(place);
    const gone = place - cell;
    const [before, after] = [6 * cell, 6 * Math.min(cell + 1, last)];
    const own = a * OWN;
    let gain = own / (own * a + (1 - a) * (1 - a) + UNSURE);
    if (this.weight) gain *= this.weight[i]! / one(this.weight);
    for (let c = 0; c < 3; c++) {
      const f = pairs[before + c]! * (1 - gone) + pairs[after + c]! * gone;
      const b = pairs[before + 3 + c]! * (1 - gone) + pairs[after + 3 + c]! * gone;
      const kept = this.rgb[3 * i + c]! * this.#inverse;
      const found = clamped(f + (kept - b - (f - b) * a) * gain, 0, 1);
      const value = clamped(kept + this.strength * (found - kept), 0, 1);
      this.result[3 * i + c] = value * this.#most + this.#half;
    }
  }
}
