/** Which method without a network would do better, where the photo shows that one would; Python's `diagnose/other_method.py`. */
import { solvedLinear } from "../kernels/linear.ts";
import { median, quantile } from "../kernels/quantile.ts";
import { roundEven } from "../kernels/rounding.ts";
import { rowsOf } from "../kernels/rows.ts";
import { findScreen } from "../kernels/screen.ts";
import type { Report, Verdict } from "../report.ts";
import type { Evidence } from "./evidence.ts";

/** Of the shorter side, at three sides: below stands the subject. */
const BORDER = 0.04;
/** A screen has so much more of its channel than of the others, and nearly all of the border has its hue: a sky ends. */
const [STRONG, COVERED, HUE] = [0.25, 0.9, 0.05];
/** How far a plain backdrop is from a smooth surface at the median, and how far three quarters of it are at the most. */
const [PLAIN, USUAL, MOST] = [0.025, 0.75, 0.06];
const [ROUNDS, NEAREST] = [3, 0.8];
const TERMS = 6;

/** `chroma` before a screen of one strong colour, else `plain` before a plain backdrop if the matte is not fine, or null. */
export function otherMethod(evidence: Evidence, verdict: Verdict): Report["method"] {
  if (evidence.answers.length === 0 || Math.min(...evidence.size) < 2) return null;
  const border = borderOf(evidence);
  if (isScreen(evidence, border)) return "chroma";
  return verdict !== "fine" && isPlain(evidence, border) ? "plain" : null;
}

/** The cells at three sides. */
function borderOf({ grid: [height, width] }: Evidence): number[] {
  const side = Math.max(1, roundEven(BORDER * Math.min(height, width)));
  return Array.from({ length: height * width }, (_, i) => i).filter((i) => {
    const x = i % width;
    return i < side * width || x < side || x >= width - side;
  });
}

function isScreen({ rgb, grid, subject }: Evidence, border: readonly number[]): boolean {
  const screen = findScreen(rowsOf(rgb, grid, 3));
  if (!screen) return false;
  const [, middle, most] = [...screen].sort((a, b) => a - b);
  const bare = border.filter((i) => !subject[i]);
  if (most! - middle! < STRONG || bare.length === 0) return false;
  const total = screen[0] + screen[1] + screen[2];
  const like = bare.filter((i) => {
    const sum = Math.max(rgb[3 * i]! + rgb[3 * i + 1]! + rgb[3 * i + 2]!, 1e-3);
    return screen.every((value, c) => Math.abs(rgb[3 * i + c]! / sum - value / total) < HUE);
  });
  return like.length / bare.length > COVERED;
}

/** Whether the border is a smooth surface, but for a subject that is cut off by it. */
function isPlain({ rgb, grid: [height, width] }: Evidence, border: readonly number[]): boolean {
  const terms = border.map((at) => {
    const [y, x] = [(2 * Math.floor(at / width)) / height - 1, (2 * (at % width)) / width - 1];
    return [1, x, y, x * x, y * y, x * y];
  });
  let away = new Float32Array(border.length);
  let reach = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const [matrix, right] = [new Float64Array(TERMS * TERMS), new Float64Array(3 * TERMS)];
    border.forEach((at, i) => {
      if (away[i]! > reach) return;
      terms[i]!.forEach((own, row) => {
        terms[i]!.forEach((other, column) => {
          matrix[row * TERMS + column]! += own * other;
        });
        for (let c = 0; c < 3; c++) right[3 * row + c]! += own * rgb[3 * at + c]!;
      });
    });
    for (let row = 0; row < TERMS; row++) matrix[row * (TERMS + 1)]! += 1e-9;
    const fit = solvedLinear(matrix, right, 3);
    away = Float32Array.from(border, (at, i) =>
      Math.hypot(
        ...[0, 1, 2].map(
          (c) => rgb[3 * at + c]! - terms[i]!.reduce((sum, own, row) => sum + own * fit[3 * row + c]!, 0),
        ),
      ),
    );
    reach = quantile(away, NEAREST);
  }
  return median(away) < PLAIN && quantile(away, USUAL) < MOST;
}
