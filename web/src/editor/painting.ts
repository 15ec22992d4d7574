/** What acts do to a matte: the kernels, as the document calls them. */

import { blend } from "../kernels/strokes/blend.ts";
import { StrokeCoverage } from "../kernels/strokes/coverage.ts";
import { lassoCoverage, rectangleCoverage } from "../kernels/strokes/shapes.ts";
import type { Box } from "../pictures.ts";
import type { Photo } from "../session.ts";
import type { EditedMatte, Paint } from "./matte.ts";
import type { Act, Lasso, Rectangle, Stroke } from "./recipe.ts";
import { TILE } from "./tiles.ts";

type Row = (work: (y: number, from: number, to: number) => void) => void;

/** A stroke that is drawn piece by piece on a matte that holds what was before it. */
export class StrokePainter {
  readonly #matte: EditedMatte;
  readonly #photo: Photo;
  readonly #paintAs: Paint;
  readonly #covered: StrokeCoverage;
  readonly #row: Float32Array;

  constructor(matte: EditedMatte, photo: Photo, stroke: Stroke) {
    this.#matte = matte;
    this.#photo = photo;
    this.#paintAs = { mode: stroke.mode, opacity: stroke.opacity };
    this.#covered = new StrokeCoverage(matte.size, stroke);
    this.#row = new Float32Array(matte.size[1]);
  }

  /** Around all that may have been touched so far; null where that is nothing. */
  get box(): Box | null {
    return this.#covered.box;
  }

  /** Goes on through points: the box that changed, or null. */
  extend(points: Stroke["points"]): Box | null {
    const box = this.#covered.extend(points);
    this.#paint((work) => this.#covered.eachGrownRow(work));
    return box;
  }

  /** Paints all of it anew: the matte below it is another one. */
  again(): Box | null {
    const { box } = this;
    if (box) {
      this.#paint((work) => {
        for (let y = box[0]; y < box[2]; y++) work(y, box[1], box[3]);
      });
    }
    return box;
  }

  /** Tile by tile: those that a row only passes over are left. */
  #paint(eachRow: Row): void {
    eachRow((y, from, to) => {
      for (let x = from; x < to; ) {
        const end = Math.min(to, (Math.floor(x / TILE) + 1) * TILE);
        const row = this.#row.subarray(0, end - x);
        if (this.#covered.readRow(y, x, end, row)) this.#matte.blendRow(y, x, row, this.#paintAs, this.#photo.alpha);
        x = end;
      }
    });
  }
}

/** Paints a whole act (a smart stroke in its rough form): the box that changed. */
export function paintAct(matte: EditedMatte, photo: Photo, act: Act): Box | null {
  return act.kind === "stroke"
    ? new StrokePainter(matte, photo, act).extend(act.points)
    : paintShape(matte, photo, act);
}

function paintShape(matte: EditedMatte, photo: Photo, act: Lasso | Rectangle): Box | null {
  const shape = act.kind === "lasso" ? lassoCoverage(matte.size, act.points) : rectangleCoverage(matte.size, act.box);
  if (!shape) return null;
  matte.write(shape.box, blend(matte.read(shape.box), shape.coverage, act.mode, 1, ceilingOf(photo, shape.box)));
  return shape.box;
}

/** The photo's own alpha inside `box`, the most that restoring gives; null where it is opaque. */
function ceilingOf(photo: Photo, box: Box): Float32Array | null {
  if (!photo.alpha) return null;
  const [top, left, bottom, right] = box;
  const values = new Float32Array((bottom - top) * (right - left));
  for (let y = top, i = 0; y < bottom; y++) {
    for (let x = left; x < right; x++) values[i++] = photo.alpha[y * photo.size[1] + x]! / 255;
  }
  return values;
}
