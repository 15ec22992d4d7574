/** Reads a picture as the screen shows it: row by row of device pixels, bilinear, or in squares where it is far enlarged. */
import type { Box, Size } from "../../pictures.ts";
import type { Viewport } from "../paintable.ts";
import { cornerOf, SQUARES_FROM, type Where } from "../viewport.ts";
import { mixed } from "./pixels.ts";
import type { Pyramid } from "./pyramid.ts";

/** Which halving shows a photo at `zoom` with one to two of its pixels a device pixel. */
export function levelFor(zoom: number): number {
  return zoom >= 1 ? 0 : Math.max(0, Math.floor(Math.log2(1 / zoom) + 1e-9));
}

interface CachedRow {
  y: number;
  readonly words: Uint32Array;
}

export class Sampler {
  /** Device columns and rows that show the photo, the last exclusive. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly #pyramid: Pyramid;
  readonly #level: number;
  /** Device pixels a pixel of the level. */
  readonly #scale: number;
  readonly #topEdge: number;
  readonly #isSquare: boolean;
  readonly #first: number;
  readonly #last: number;
  /** For each device column from `left`: the level's column, counted from `#first`, and how much of the next, 0 to 256. */
  readonly #columns: Int32Array;
  readonly #shares: Int32Array;
  readonly #rows: [CachedRow, CachedRow];

  /** `stretch` is how many px of the photo, of `size`, a pixel of the picture covers: more than 1 for soft layers, which never show squares. */
  constructor(pyramid: Pyramid, where: Where, viewport: Viewport, size: Size = pyramid.size, stretch = 1) {
    this.#pyramid = pyramid;
    this.#level = levelFor(where.zoom * stretch);
    this.#scale = where.zoom * stretch * 2 ** this.#level;
    this.#isSquare = stretch === 1 && where.zoom >= SQUARES_FROM;
    const [height, width] = size;
    const [x, y] = cornerOf(where, viewport);
    this.#topEdge = y;
    this.left = Math.max(0, x);
    this.right = Math.max(this.left, Math.min(viewport.width, Math.round(x + width * where.zoom)));
    this.top = Math.max(0, y);
    this.bottom = Math.max(this.top, Math.min(viewport.height, Math.round(y + height * where.zoom)));
    const count = this.right - this.left;
    this.#columns = new Int32Array(count);
    this.#shares = new Int32Array(count);
    const most = pyramid.sizeAt(this.#level)[1] - 1;
    for (let i = 0; i < count; i++) this.#place(this.left + i - x, most, i);
    this.#first = count ? this.#columns[0]! : 0;
    this.#last = count ? Math.min(most, this.#columns[count - 1]! + 1) : 0;
    for (let i = 0; i < count; i++) this.#columns[i]! -= this.#first;
    const row = (): CachedRow => ({ y: -1, words: new Uint32Array(this.#last - this.#first + 2) });
    this.#rows = [row(), row()];
  }

  get level(): number {
    return this.#level;
  }

  /** The part of the level that the screen shows. */
  get box(): Box {
    const rows = this.#pyramid.sizeAt(this.#level)[0];
    const [upper] = this.#rowAt(this.top);
    const [lower] = this.#rowAt(Math.max(this.top, this.bottom - 1));
    return [upper, this.#first, Math.min(rows, lower + 2), this.#last + 1];
  }

  /** The picture may have changed since rows were read. */
  forget(): void {
    for (const row of this.#rows) row.y = -1;
  }

  /** Words of device row `y` (between `top` and `bottom`), columns `from` to `to` (between `left` and `right`), into `out` from its start. */
  read(y: number, from: number, to: number, out: Uint32Array): void {
    const [row, down] = this.#rowAt(y);
    const most = this.#pyramid.sizeAt(this.#level)[0] - 1;
    const upper = this.#row(row, row + 1);
    const start = from - this.left;
    const count = to - from;
    if (this.#isSquare || (down === 0 && this.#scale === 1)) {
      for (let i = 0; i < count; i++) out[i] = upper[this.#columns[start + i]!]!;
      return;
    }
    const lower = this.#row(Math.min(most, row + 1), row);
    for (let i = 0; i < count; i++) {
      const column = this.#columns[start + i]!;
      const a = upper[column]!;
      const b = upper[column + 1]!;
      const c = lower[column]!;
      const d = lower[column + 1]!;
      if (a === b && c === d && a === c) out[i] = a;
      else {
        const share = this.#shares[start + i]!;
        out[i] = mixed(mixed(a, b, share), mixed(c, d, share), down);
      }
    }
  }

  /** Where column `offset` device pixels right of the photo's edge lies. */
  #place(offset: number, most: number, at: number): void {
    const place = (offset + 0.5) / this.#scale - (this.#isSquare ? 0 : 0.5);
    const column = Math.min(most, Math.max(0, Math.floor(place)));
    this.#columns[at] = column;
    this.#shares[at] = this.#isSquare || place <= 0 || column === most ? 0 : Math.round((place - column) * 256);
  }

  #rowAt(y: number): readonly [row: number, share: number] {
    const most = this.#pyramid.sizeAt(this.#level)[0] - 1;
    const place = (y - this.#topEdge + 0.5) / this.#scale - (this.#isSquare ? 0 : 0.5);
    const row = Math.min(most, Math.max(0, Math.floor(place)));
    return [row, this.#isSquare || place <= 0 || row === most ? 0 : Math.round((place - row) * 256)];
  }

  /** Row `y` of the level; of the two that are kept, `other` stays. */
  #row(y: number, other: number): Uint32Array {
    const [one, two] = this.#rows;
    if (one.y === y) return one.words;
    if (two.y === y) return two.words;
    const spare = one.y === other ? two : one;
    spare.y = y;
    this.#pyramid.readRow(this.#level, y, this.#first, this.#last + 1, spare.words);
    spare.words[this.#last + 1 - this.#first] = spare.words[this.#last - this.#first]!;
    return spare.words;
  }
}
