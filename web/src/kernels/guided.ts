/**
 * Alpha as a linear function of colour, window by window.
 *
 * The guided filter of K. He, J. Sun, X. Tang ("Guided Image Filtering", ECCV 2010), with a weight a pixel, so that
 * what is known speaks and what is in doubt is told. Its coefficients are smooth: computed on a reduced photo, they are
 * applied to the colours of the full one (K. He, J. Sun, "Fast Guided Filter", arXiv 1505.00996, 2015).
 */
import { boxMean } from "./box_sums.ts";
import { spread } from "./pieces.ts";
import type { Marks } from "./windows.ts";

const LEAST_VARIANCE = 1e-3;
/** Planes of the sums: weight, alpha, colours, colours times alpha, products of two colours, alpha squared. */
const SUMS = 15;
/** Planes of what is told: slopes, constant, explained, one. */
const TOLD = 6;

/**
 * Coefficients (red, green, blue, constant) of alpha as a linear function of colour, and how much of it they explain:
 * 5×h×w.
 *
 * `planes` 3×h×w and `alpha` h×w in [0, 1]; `weight` h×w, more than 0 everywhere, says how far each pixel's alpha is
 * believed. Windows reach `radius` pixels each way; `epsilon` is the variance of colour below which a window counts as
 * flat and gets its mean. The last plane is the share of alpha's variance nearby that colours account for, 0 to 1. With
 * `wanted`, h×w, only the pixels that it marks are told of; the others are zero.
 */
export function linearModel(
  planes: Float32Array,
  alpha: Float32Array,
  weight: Float32Array,
  height: number,
  width: number,
  radius: number,
  epsilon: number,
  wanted: Marks | null = null,
): Float32Array {
  const count = height * width;
  const near = wanted && spread(wanted, [height, width], radius); // the windows that those lie in
  // In double: windows of nearly one colour have inverses so large that rounding would count.
  const sums = boxMean(weighed(planes, alpha, weight), height, width, radius);
  const told = new Float64Array(TOLD * count);
  const at = new Float64Array(SUMS);
  const pixel = new Float64Array(5);
  for (let i = 0; i < count; i++) {
    if (near && !near[i]) continue;
    const total = sums[i]!;
    for (let plane = 1; plane < SUMS; plane++) at[plane] = sums[plane * count + i]! / total;
    solve(at, epsilon, pixel);
    // Each pixel lies in many windows; those that know more count for more.
    for (let plane = 0; plane < 5; plane++) told[plane * count + i] = pixel[plane]! * total;
    told[5 * count + i] = total;
  }
  const means = boxMean(told, height, width, radius);
  const result = new Float32Array(5 * count);
  for (let i = 0; i < count; i++) {
    if (wanted && !wanted[i]) continue;
    const total = means[5 * count + i]!;
    for (let at = i; at < result.length; at += count) result[at] = means[at]! / total;
  }
  return result;
}

function weighed(planes: Float32Array, alpha: Float32Array, weight: Float32Array): Float64Array {
  const count = alpha.length;
  const result = new Float64Array(SUMS * count);
  for (let i = 0; i < count; i++) {
    const w = weight[i]!;
    const a = alpha[i]!;
    const r = planes[i]!;
    const g = planes[count + i]!;
    const b = planes[2 * count + i]!;
    result[i] = w;
    result[count + i] = w * a;
    result[2 * count + i] = w * r;
    result[3 * count + i] = w * g;
    result[4 * count + i] = w * b;
    result[5 * count + i] = w * r * a;
    result[6 * count + i] = w * g * a;
    result[7 * count + i] = w * b * a;
    result[8 * count + i] = w * r * r;
    result[9 * count + i] = w * r * g;
    result[10 * count + i] = w * r * b;
    result[11 * count + i] = w * g * g;
    result[12 * count + i] = w * g * b;
    result[13 * count + i] = w * b * b;
    result[14 * count + i] = w * a * a;
  }
  return result;
}

/** Slopes, constant and what they explain, from means over one window. */
function solve(mean: Float64Array, epsilon: number, result: Float64Array): void {
  const alpha = mean[1]!;
  const red = mean[2]!;
  const green = mean[3]!;
  const blue = mean[4]!;
  const x = mean[5]! - red * alpha;
  const y = mean[6]! - green * alpha;
  const z = mean[7]! - blue * alpha;
  // The covariance of colours, symmetric: rows (a, b, c), (b, d, e), (c, e, f).
  const a = mean[8]! - red * red + epsilon;
  const b = mean[9]! - red * green;
  const c = mean[10]! - red * blue;
  const d = mean[11]! - green * green + epsilon;
  const e = mean[12]! - green * blue;
  const f = mean[13]! - blue * blue + epsilon;
  const p = d * f - e * e;
  const q = c * e - b * f;
  const r = b * e - c * d;
  const s = a * f - c * c;
  const t = b * c - a * e;
  const u = a * d - b * b;
  const determinant = a * p + b * q + c * r;
  result[0] = (p * x + q * y + r * z) / determinant;
  result[1] = (q * x + s * y + t * z) / determinant;
  result[2] = (r * x + t * y + u * z) / determinant;
  result[3] = alpha - result[0]! * red - result[1]! * green - result[2]! * blue;
  const explained = result[0]! * x + result[1]! * y + result[2]! * z;
  result[4] = explained / (mean[14]! - alpha * alpha + LEAST_VARIANCE);
}
