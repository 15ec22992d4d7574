/**
 * What a brush covers of each pixel: the most that any of its places covers, so that opacity never piles up where a
 * stroke crosses itself. Kept in tiles that are made as the stroke reaches them; the twin of Python's `kernels/strokes.py`.
 */
import type { StrokePoint } from "../../editor/recipe.ts";
import type { Box, Size } from "../../pictures.ts";

/** Of the diameter, where the hand hardly presses. */
const LIGHTEST = 0.2;
const TILE = 128;

export interface BrushShape {
  readonly diameter_px: number;
  /** 1 is a disc with an edge one pixel wide, 0 a cone; between, the inner part is full. */
  readonly hardness: number;
}

/** The brush's diameter where the hand presses so: a fifth of it at 0, all of it at 1. */
export function diameterAt(diameter_px: number, pressure: number): number {
  return diameter_px * (LIGHTEST + (1 - LIGHTEST) * pressure);
}

/** The smallest box that holds both. */
export function union(one: Box | null, other: Box | null): Box | null {
  if (!one || !other) return one ?? other;
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ];
}

/** The whole pixels of the photo around points (x, y); null where there are none. */
export function boxAround(size: Size, points: readonly (readonly number[])[], reach: number): Box | null {
  let [top, left, bottom, right] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    top = Math.min(top, y!);
    left = Math.min(left, x!);
    bottom = Math.max(bottom, y!);
    right = Math.max(right, x!);
  }
  top = Math.max(0, Math.floor(top - reach));
  left = Math.max(0, Math.floor(left - reach));
  bottom = Math.min(size[0], Math.ceil(bottom + reach));
  right = Math.min(size[1], Math.ceil(right + reach));
  return top < bottom && left < right ? [top, left, bottom, right] : null;
}

/** A stroke as it grows. Drawing it point by point or at once gives the same numbers. */
export class StrokeCoverage {
  /** What the stroke may have touched so far. */
  box: Box | null = null;
  private readonly size: Size;
  private readonly shape: BrushShape;
  private readonly tiles = new Map<number, Float32Array>();
  private readonly across: number;
  private last: StrokePoint | null = null;

  constructor(size: Size, shape: BrushShape) {
    this.size = size;
    this.shape = shape;
    this.across = Math.ceil(size[1] / TILE);
  }

  /** Goes on through points; gives the box in which coverage may have grown, null where nothing of the photo was reached. */
  extend(points: readonly StrokePoint[]): Box | null {
    let dirty: Box | null = null;
    for (const point of points) {
      dirty = union(dirty, this.segment(this.last ?? point, point));
      this.last = point;
    }
    this.box = union(this.box, dirty);
    return dirty;
  }

  /** Coverage of a box, row by row, 0 to 1. */
  read(box: Box): Float32Array {
    const [top, left, bottom, right] = box;
    const width = right - left;
    const result = new Float32Array((bottom - top) * width);
    this.eachTile(box, false, (tile, first, y0, x0, y1, x1) => {
      for (let y = y0; y < y1; y++) {
        const from = first + y * TILE;
        result.set(tile.subarray(from + x0, from + x1), (y - top) * width + x0 - left);
      }
    });
    return result;
  }

  private segment(start: StrokePoint, end: StrokePoint): Box | null {
    const r0 = diameterAt(this.shape.diameter_px, start[2]) / 2;
    const r1 = diameterAt(this.shape.diameter_px, end[2]) / 2;
    const box = boxAround(this.size, [start, end], Math.max(r0, r1) + 1);
    if (box) {
      this.eachTile(box, true, (tile, first, y0, x0, y1, x1) => {
        for (let y = y0; y < y1; y++) this.row(tile, first + y * TILE, y, x0, x1, start, end, r0, r1);
      });
    }
    return box;
  }

  /** Raises one row of a tile, whose pixel x lies at `at + x`, to what a segment covers. */
  private row(
    tile: Float32Array,
    at: number,
    row: number,
    from: number,
    to: number,
    start: StrokePoint,
    end: StrokePoint,
    r0: number,
    r1: number,
  ): void {
    const hardness = this.shape.hardness;
    const along_x = end[0] - start[0];
    const along_y = end[1] - start[1];
    const length = along_x * along_x + along_y * along_y;
    const y = row + 0.5 - start[1];
    const outermost = Math.max(r0, r1) + 0.5;
    const wider = r1 - r0;
    for (let column = from; column < to; column++) {
      const x = column + 0.5 - start[0];
      let share = length > 0 ? (x * along_x + y * along_y) / length : 0;
      share = share < 0 ? 0 : share > 1 ? 1 : share;
      const off_x = x - share * along_x;
      const off_y = y - share * along_y;
      const square = off_x * off_x + off_y * off_y;
      if (square >= outermost * outermost) continue;
      const radius = r0 + share * wider;
      const outer = radius + 0.5 * hardness;
      const ramp = outer - radius * hardness;
      const covered = (outer - Math.sqrt(square)) / (ramp > 1 ? ramp : 1);
      if (covered > tile[at + column]!) tile[at + column] = covered < 1 ? covered : 1;
    }
  }

  /** Calls `work` with each tile of a box, where its pixel (0, 0) of the photo would lie, and which rows and columns are meant. */
  private eachTile(
    [top, left, bottom, right]: Box,
    makes: boolean,
    work: (tile: Float32Array, first: number, y0: number, x0: number, y1: number, x1: number) => void,
  ): void {
    for (let down = Math.floor(top / TILE); down * TILE < bottom; down++) {
      for (let across = Math.floor(left / TILE); across * TILE < right; across++) {
        const key = down * this.across + across;
        let tile = this.tiles.get(key);
        if (!tile && makes) {
          tile = new Float32Array(TILE * TILE);
          this.tiles.set(key, tile);
        }
        if (!tile) continue;
        const y = down * TILE;
        const x = across * TILE;
        work(
          tile,
          -y * TILE - x,
          Math.max(top, y),
          Math.max(left, x),
          Math.min(bottom, y + TILE),
          Math.min(right, x + TILE),
        );
      }
    }
  }
}

/** What a whole stroke covers, and where; null where that is nothing of the photo. */
export function strokeCoverage(size: Size, shape: BrushShape, points: readonly StrokePoint[]): Covered | null {
  const stroke = new StrokeCoverage(size, shape);
  const box = stroke.extend(points);
  return box && { box, coverage: stroke.read(box) };
}

/** A box of the photo and how much of each of its pixels is covered, row by row. */
export interface Covered {
  readonly box: Box;
  readonly coverage: Float32Array;
}
