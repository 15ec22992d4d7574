/**
 * A picture at its own size and halved again and again, so that any zoom reads about as many pixels as it shows. Levels
 * are made where they are looked at, tile by tile; a tile that is not made yet shows every n-th pixel.
 */
import type { Box, Size } from "../../pictures.ts";
import { reducedBox, shared, tileBox, tileCount, tilesOf, wholeBox } from "../tiles.ts";
import { meanOfFour } from "./pixels.ts";

/** Writes words of row `y`, columns `from` to `to`, to `out` from its start. */
export type RowSource = (y: number, from: number, to: number, out: Uint32Array) => void;

interface Level {
  readonly size: Size;
  readonly words: Uint32Array;
  readonly state: Uint8Array;
}

const MISSING = 0;
const ROUGH = 1;
const MADE = 2;

export class Pyramid {
  readonly size: Size;
  readonly #source: RowSource;
  readonly #levels: Level[] = [];

  constructor(size: Size, source: RowSource) {
    this.size = size;
    this.#source = source;
  }

  sizeAt(level: number): Size {
    const step = 2 ** level;
    return [Math.ceil(this.size[0] / step), Math.ceil(this.size[1] / step)];
  }

  readRow(level: number, y: number, from: number, to: number, out: Uint32Array): void {
    if (level === 0) {
      this.#source(y, from, to, out);
      return;
    }
    const { words, size } = this.#level(level);
    out.set(words.subarray(y * size[1] + from, y * size[1] + to));
  }

  /** Makes what `box` (of that level) shows until `isOver`, the rest roughly: whether nothing is left to do. */
  prepare(level: number, box: Box, isOver: () => boolean): boolean {
    if (level === 0) return true;
    const { size, state } = this.#level(level);
    let isDone = true;
    for (const tile of tilesOf(box, size)) {
      if (state[tile] === MADE) continue;
      if (isOver()) {
        if (state[tile] === MISSING) this.#sketch(level, tileBox(tile, size));
        if (state[tile] === MISSING) state[tile] = ROUGH;
        isDone = false;
      } else this.#make(level, tile);
    }
    return isDone;
  }

  /** The picture changed inside `box`: levels are made anew at once, or when they are prepared. */
  changed(box: Box, isAtOnce: boolean): void {
    for (let level = 1; level <= this.#levels.length; level++) {
      const { size, state } = this.#level(level);
      const here = shared(reducedBox(box, level), wholeBox(size));
      if (!here) continue;
      for (const tile of tilesOf(here, size)) {
        if (state[tile] === MISSING) continue;
        if (state[tile] === MADE && isAtOnce) this.#halve(level, shared(here, tileBox(tile, size))!);
        else state[tile] = ROUGH;
      }
    }
  }

  #level(level: number): Level {
    for (let at = this.#levels.length + 1; at <= level; at++) {
      const size = this.sizeAt(at);
      const state = new Uint8Array(tileCount(size));
      this.#levels.push({ size, words: new Uint32Array(size[0] * size[1]), state });
    }
    return this.#levels[level - 1]!;
  }

  #make(level: number, tile: number): void {
    const { size, state } = this.#level(level);
    const box = tileBox(tile, size);
    if (level > 1) {
      const below = this.#level(level - 1);
      const wanted: Box = [box[0] * 2, box[1] * 2, box[2] * 2, box[3] * 2];
      for (const lower of tilesOf(wanted, below.size)) if (below.state[lower] !== MADE) this.#make(level - 1, lower);
    }
    this.#halve(level, box);
    state[tile] = MADE;
  }

  /** Means of 2×2 pixels of the level below; at an odd border the last ones count twice. */
  #halve(level: number, box: Box): void {
    const { size, words } = this.#level(level);
    const [height, width] = this.sizeAt(level - 1);
    const from = box[1] * 2;
    const to = Math.min(width, box[3] * 2);
    const upper = new Uint32Array(to - from + 1);
    const lower = new Uint32Array(to - from + 1);
    for (let y = box[0]; y < box[2]; y++) {
      this.readRow(level - 1, y * 2, from, to, upper);
      this.readRow(level - 1, Math.min(height - 1, y * 2 + 1), from, to, lower);
      upper[to - from] = upper[to - from - 1]!;
      lower[to - from] = lower[to - from - 1]!;
      for (let x = box[1], i = 0, at = y * size[1] + box[1]; x < box[3]; x++, i += 2) {
        words[at++] = meanOfFour(upper[i]!, upper[i + 1]!, lower[i]!, lower[i + 1]!);
      }
    }
  }

  #sketch(level: number, box: Box): void {
    const { size, words } = this.#level(level);
    const step = 2 ** level;
    const one = new Uint32Array(1);
    for (let y = box[0]; y < box[2]; y++) {
      const row = Math.min(this.size[0] - 1, y * step + (step >> 1));
      for (let x = box[1]; x < box[3]; x++) {
        const column = Math.min(this.size[1] - 1, x * step + (step >> 1));
        this.#source(row, column, column + 1, one);
        words[y * size[1] + x] = one[0]!;
      }
    }
  }
}
