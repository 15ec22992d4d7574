/**
 * What a brush covers of each pixel: the most that any of its places covers, so that opacity never piles up where a
 * stroke crosses itself. Kept in tiles that are made as the stroke reaches them; the twin of Python's `kernels/strokes.py`.
 */
import type { StrokePoint } from "../../editor/recipe.ts";
import type { Box, Size } from "../../pictures.ts";
import { type BrushShape, union } from "./reach.ts";
import { GrownRows, Segment } from "./segment.ts";

const TILE = 128;

/** A stroke as it grows. Drawing it point by point or at once gives the same numbers. */
export class StrokeCoverage {
  /** What the stroke may have touched so far. */
  box: Box | null = null;
  readonly #size: Size;
  readonly #shape: BrushShape;
  readonly #tiles = new Map<number, Float32Array>();
  readonly #across: number;
  readonly #grown: GrownRows;
  #last: StrokePoint | null = null;
  /** Whether all places of the last segment are equally wide: then it covers what lies beside and behind its end. */
  #wasEven = false;

  constructor(size: Size, shape: BrushShape) {
    this.#size = size;
    this.#shape = shape;
    this.#across = Math.ceil(size[1] / TILE);
    this.#grown = new GrownRows(size[0]);
  }

  /** Goes on through points; gives the box in which coverage grew, null where it did not. */
  extend(points: readonly StrokePoint[]): Box | null {
    this.#grown.clear();
    for (const point of points) {
      this.#draw(new Segment(this.#last, point, this.#shape, this.#wasEven));
      this.#wasEven = this.#last === null || this.#last[2] === point[2];
      this.#last = point;
    }
    return this.#grown.box;
  }

  /** Calls `work` with each row in which the last `extend` made coverage grow, and between which columns. */
  eachGrownRow(work: (y: number, from: number, to: number) => void): void {
    this.#grown.each(work);
  }

  /** Coverage of a box, row by row, 0 to 1. */
  read(box: Box): Float32Array {
    const [top, left, bottom, right] = box;
    const width = right - left;
    const result = new Float32Array((bottom - top) * width);
    for (let y = top; y < bottom; y++) this.readRow(y, left, right, result.subarray((y - top) * width));
    return result;
  }

  /** Coverage of row `y` between two columns into `out` from its start: whether any of it is covered. */
  readRow(y: number, from: number, to: number, out: Float32Array): boolean {
    const row = Math.floor(y / TILE) * this.#across;
    let isCovered = false;
    for (let x = from; x < to; ) {
      const column = Math.floor(x / TILE);
      const end = Math.min(to, (column + 1) * TILE);
      const tile = this.#tiles.get(row + column);
      if (tile) {
        const first = (y % TILE) * TILE - column * TILE;
        out.set(tile.subarray(first + x, first + end), x - from);
        isCovered = true;
      } else out.fill(0, x - from, end - from);
      x = end;
    }
    return isCovered;
  }

  #draw(segment: Segment): void {
    const box = segment.box(this.#size);
    if (!box) return;
    this.box = union(this.box, box);
    for (let y = box[0]; y < box[2]; y++) {
      const [left, right] = segment.span(y, box[1], box[3]);
      for (let x = left; x < right; ) {
        const column = Math.floor(x / TILE);
        const end = Math.min(right, (column + 1) * TILE);
        const tile = this.#tile(Math.floor(y / TILE) * this.#across + column);
        segment.raise(tile, (y % TILE) * TILE - column * TILE, y, x, end, this.#grown);
        x = end;
      }
    }
  }

  #tile(key: number): Float32Array {
    let tile = this.#tiles.get(key);
    if (!tile) {
      tile = new Float32Array(TILE * TILE);
      this.#tiles.set(key, tile);
    }
    return tile;
  }
}

/** What a whole stroke covers, and where; null where that is nothing of the photo. */
export function strokeCoverage(size: Size, shape: BrushShape, points: readonly StrokePoint[]): Covered | null {
  const stroke = new StrokeCoverage(size, shape);
  stroke.extend(points);
  return stroke.box && { box: stroke.box, coverage: stroke.read(stroke.box) };
}

/** A box of the photo and how much of each of its pixels is covered, row by row. */
export interface Covered {
  readonly box: Box;
  readonly coverage: Float32Array;
}
