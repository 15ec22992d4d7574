/** Image → what a network is given, and what it answers → Prediction; the run itself is an engine's. */
import { FeathercutError } from "../errors.ts";
import { toSrgb } from "../kernels/colour.ts";
import { bound } from "../kernels/composite.ts";
import { shrink } from "../kernels/resample.ts";
import { resizeBytes } from "../kernels/resample_bytes.ts";
import { clamped, roundEven } from "../kernels/rounding.ts";
import { visible } from "../kernels/rows.ts";
import type { Box, Resample, Size } from "../pictures.ts";
import type { Picture } from "./refine.ts";

/** How a photo becomes a network's input: this part of a model's record; words as in Python's `models/spec.py`. */
export interface InputRules {
  readonly fit: "stretch" | "letterbox";
  readonly resample: Resample;
  readonly rounding: "none" | "8-bit";
  readonly scale: "255" | "image-max";
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** How a network's output becomes alpha. */
export interface OutputRules {
  readonly activation: "none" | "sigmoid";
  readonly rescale: "none" | "min-max";
  readonly rounding: "none" | "8-bit";
}

/** The photo on a network's canvas: sRGB in [0, 1], h×w×3, and the part that shows it. */
export interface Placed {
  readonly canvas: Float32Array;
  readonly inside: Box;
}

/**
 * The photo on the network's canvas, and the part of the canvas that shows it.
 *
 * Transparent parts show grey, never what is hidden there. Around a letterboxed photo it is black, as in the training of
 * the networks that are fed so; with a `share`, its mirror images.
 */
export function place(
  image: Picture,
  size: Size,
  rules: Pick<InputRules, "fit" | "resample" | "rounding">,
  share = 1,
): Placed {
  const whole = rules.fit === "stretch" ? size : fittedInto(image.size, size);
  const inner: Size = [Math.max(1, roundEven(whole[0] * share)), Math.max(1, roundEven(whole[1] * share))];
  const reduce = rules.rounding === "8-bit" ? resizeBytes : shrink;
  const small = reduce(visible(image), inner, rules.resample);
  bound(small, small.length);
  // After the reduction, which is the same for the eye and a tenth of the work.
  toSrgb(small, image.metadata.profile);
  const [top, left] = [(size[0] - inner[0]) >> 1, (size[1] - inner[1]) >> 1];
  const inside: Box = [top, left, top + inner[0], left + inner[1]];
  if (inner[0] === size[0] && inner[1] === size[1]) return { canvas: small, inside };
  if (share !== 1) return { canvas: mirrored(small, inner, size, top, left), inside };
  const canvas = new Float32Array(size[0] * size[1] * 3);
  for (let y = 0; y < inner[0]; y++) {
    const row = small.subarray(3 * y * inner[1], 3 * (y + 1) * inner[1]);
    canvas.set(row, 3 * ((top + y) * size[1] + left));
  }
  return { canvas, inside };
}

/** The photo (h×w×3 of a size) on a canvas that its mirror images fill, as NumPy's `reflect` has them. */
function mirrored(small: Float32Array, inner: Size, size: Size, top: number, left: number): Float32Array {
  const canvas = new Float32Array(size[0] * size[1] * 3);
  for (let y = 0, at = 0; y < size[0]; y++) {
    const row = 3 * inner[1] * reflected(y - top, inner[0]);
    for (let x = 0; x < size[1]; x++, at += 3) {
      const from = row + 3 * reflected(x - left, inner[1]);
      for (let c = 0; c < 3; c++) canvas[at + c] = small[from + c]!;
    }
  }
  return canvas;
}

/** Where among `count` pixels one beyond them is mirrored to; the outermost are not repeated. */
function reflected(at: number, count: number): number {
  const period = Math.max(1, 2 * (count - 1));
  const within = ((at % period) + period) % period;
  return Math.min(within, period - within);
}

/** The largest size of the photo's shape within the canvas. */
function fittedInto(photo: Size, canvas: Size): Size {
  const ratio = Math.min(canvas[0] / photo[0], canvas[1] / photo[1]);
  return [Math.max(1, roundEven(photo[0] * ratio)), Math.max(1, roundEven(photo[1] * ratio))];
}

/** The canvas (h×w×3 in [0, 1]) as the network was trained to see it: 1×3×h×w. */
export function normalise(canvas: Float32Array, rules: Pick<InputRules, "scale" | "mean" | "std">): Float32Array {
  const count = canvas.length / 3;
  // U²-Net was trained on photos divided by their own maximum; a black photo stays black.
  let whole = rules.scale === "255" ? 1 : 1e-6;
  if (rules.scale !== "255") for (let i = 0; i < canvas.length; i++) if (canvas[i]! > whole) whole = canvas[i]!;
  const planes = new Float32Array(canvas.length);
  for (let c = 0; c < 3; c++) {
    const [mean, std] = [rules.mean[c]!, rules.std[c]!];
    for (let i = 0, at = c; i < count; i++, at += 3) planes[c * count + i] = (canvas[at]! / whole - mean) / std;
  }
  return planes;
}

/**
 * A network's answer as alpha, h×w in [0, 1]; `dims` are the output's dimensions. Raises FeathercutError where it is no
 * matte of `size`.
 */
export function activate(
  output: Float32Array,
  dims: readonly number[],
  size: Size,
  rules: OutputRules,
  model: string,
): Float32Array {
  const [height, width] = [dims.at(-2) ?? 0, dims.at(-1) ?? 0];
  if (height * width !== output.length) {
    throw new FeathercutError("network", `\`${model}\` answered with an array of ${dims.join("×")}, which is no matte`);
  }
  if (height !== size[0] || width !== size[1]) {
    throw new FeathercutError(
      "network",
      `\`${model}\` answered at ${height}×${width} where ${size.join("×")} was asked`,
    );
  }
  let areNumbers = true;
  for (let i = 0; i < output.length; i++) if (!Number.isFinite(output[i])) areNumbers = false;
  if (!areNumbers) {
    throw new FeathercutError(
      "network",
      `\`${model}\` answered with numbers that are not finite; its file or its device is broken`,
    );
  }
  const alpha = output.slice();
  if (rules.activation === "sigmoid") {
    for (let i = 0; i < alpha.length; i++) alpha[i] = 1 / (1 + Math.exp(-clamped(alpha[i]!, -60, 60)));
  }
  if (rules.rescale === "min-max") stretch(alpha);
  const isRounded = rules.rounding === "8-bit";
  for (let i = 0; i < alpha.length; i++) {
    const value = isRounded ? Math.floor(Math.fround(alpha[i]! * 255)) / 255 : alpha[i]!;
    alpha[i] = clamped(value, 0, 1);
  }
  return alpha;
}

/** Stretches numbers to 0..1; all zero where they are all the same. */
function stretch(alpha: Float32Array): void {
  let [low, high] = [Infinity, -Infinity];
  for (const value of alpha) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  for (let i = 0; i < alpha.length; i++) {
    alpha[i] = high > low ? Math.fround(alpha[i]! - low) / Math.fround(high - low) : 0;
  }
}
