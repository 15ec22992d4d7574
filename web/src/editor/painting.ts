/** What acts do to a matte: the kernels, as the document calls them. */

import { blend } from "../kernels/strokes/blend.ts";
import { StrokeCoverage } from "../kernels/strokes/coverage.ts";
import { lassoCoverage, rectangleCoverage } from "../kernels/strokes/shapes.ts";
import type { Box, Size } from "../pictures.ts";
import type { Photo } from "../session.ts";
import type { EditedMatte } from "./matte.ts";
import type { Act, Lasso, Rectangle, Stroke, StrokePoint } from "./recipe.ts";
import { shared, tileBox, tilesOf } from "./tiles.ts";

/** A stroke that is drawn piece by piece. */
export interface StrokePainter {
  extend(points: readonly StrokePoint[]): Box | null;
  read(box: Box): Float32Array;
  readonly box: Box | null;
}

/** The photo's own alpha inside `box`, the most that restoring gives; null where it is opaque. */
export function ceilingOf(photo: Photo, box: Box): Float32Array | null {
  if (!photo.alpha) return null;
  const [top, left, bottom, right] = box;
  const values = new Float32Array((bottom - top) * (right - left));
  for (let y = top, i = 0; y < bottom; y++) {
    for (let x = left; x < right; x++) values[i++] = photo.alpha[y * photo.size[1] + x]! / 255;
  }
  return values;
}

export function painterOf(size: Size, stroke: Stroke): StrokePainter {
  return new StrokeCoverage(size, stroke);
}

/** Draws what `painter` covers inside `box` anew over the matte as it was before the act; tiles that it does not reach are left. */
export function paintBox(matte: EditedMatte, photo: Photo, stroke: Stroke, painter: StrokePainter, box: Box): void {
  for (const tile of tilesOf(box, matte.size)) {
    const part = shared(tileBox(tile, matte.size), box)!;
    const coverage = painter.read(part);
    if (!coverage.some((covered) => covered > 0)) continue;
    const before = matte.readBefore(part);
    matte.write(part, blend(before, coverage, stroke.mode, stroke.opacity, ceilingOf(photo, part)));
  }
}

/** Paints a whole act (a smart stroke in its rough form): the box that changed. */
export function paintAct(matte: EditedMatte, photo: Photo, act: Act): Box | null {
  if (act.kind !== "stroke") return paintShape(matte, photo, act);
  const painter = painterOf(matte.size, act);
  const box = painter.extend(act.points);
  if (box) paintBox(matte, photo, act, painter, box);
  return box;
}

function paintShape(matte: EditedMatte, photo: Photo, act: Lasso | Rectangle): Box | null {
  const shape = act.kind === "lasso" ? lassoCoverage(matte.size, act.points) : rectangleCoverage(matte.size, act.box);
  if (!shape) return null;
  matte.write(shape.box, blend(matte.readBefore(shape.box), shape.coverage, act.mode, 1, ceilingOf(photo, shape.box)));
  return shape.box;
}
