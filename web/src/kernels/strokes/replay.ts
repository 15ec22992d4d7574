/** What a person did to a matte, done again: the acts of a recipe in their order. Python's `steps/replay.py` does the same. */
import type { Act } from "../../editor/recipe.ts";
import type { Box, Samples, Size } from "../../pictures.ts";
import { gathered } from "../resample.ts";
import { rowsOf, windowOf } from "../rows.ts";
import { smartAlpha, smartBox } from "../smart.ts";
import { cut } from "../windows.ts";
import { blend } from "./blend.ts";
import { type Covered, strokeCoverage } from "./coverage.ts";
import { lassoCoverage, rectangleCoverage } from "./shapes.ts";

/** What an act is done to: a photo with its own alpha, which stays the ceiling of every act. */
export interface Ground {
  readonly size: Size;
  readonly rgb: Samples;
  readonly alpha: Samples | null;
}

/** What an act covers, the colours not asked; null where that is nothing of the photo. */
export function actCoverage(size: Size, act: Act): Covered | null {
  switch (act.kind) {
    case "stroke":
      return strokeCoverage(size, act, act.points);
    case "lasso":
      return lassoCoverage(size, act.points);
    case "rectangle":
      return rectangleCoverage(size, act.box);
  }
}

/** Does one act to `alpha` (H×W), in place; gives the box in which it may have changed. */
export function replayAct(alpha: Float32Array, photo: Ground, act: Act): Box | null {
  if (act.kind === "stroke" && act.is_smart) {
    const box = smartBox(photo.size, act);
    if (box) put(alpha, photo.size, box, smartAlpha(photo, box, cut(alpha, photo.size[1], box), act));
    return box;
  }
  const covered = actCoverage(photo.size, act);
  if (!covered) return null;
  const ceiling = photo.alpha && gathered(windowOf(rowsOf(photo.alpha, photo.size, 1), covered.box));
  const opacity = act.kind === "stroke" ? act.opacity : 1;
  const before = cut(alpha, photo.size[1], covered.box);
  put(alpha, photo.size, covered.box, blend(before, covered.coverage, act.mode, opacity, ceiling));
  return covered.box;
}

/** The matte after all acts; `base`, H×W, stays as it is. */
export function replay(base: Float32Array, photo: Ground, acts: readonly Act[]): Float32Array {
  const alpha = base.slice();
  for (const act of acts) replayAct(alpha, photo, act);
  return alpha;
}

function put(alpha: Float32Array, size: Size, [top, left, bottom, right]: Box, part: Float32Array): void {
  const width = right - left;
  for (let y = top; y < bottom; y++) {
    alpha.set(part.subarray((y - top) * width, (y - top + 1) * width), y * size[1] + left);
  }
}
