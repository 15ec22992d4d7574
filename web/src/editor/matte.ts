/** The matte while it is edited: 16 bits a pixel, with the tiles as they were before the act that goes on. */
import type { Box, Size } from "../pictures.ts";
import { Patch } from "./patch.ts";
import { tileBox, tilesOf, united } from "./tiles.ts";

/** Alpha 1 in 16 bits. */
export const FULL = 65535;
const ONE = 1 / FULL;

/** `alpha` in [0, 1] as 16 bits. */
export function quantised(alpha: Float32Array): Uint16Array {
  const levels = new Uint16Array(alpha.length);
  for (let i = 0; i < levels.length; i++) levels[i] = (alpha[i]! * FULL + 0.5) | 0;
  return levels;
}

export class EditedMatte {
  readonly size: Size;
  /** H×W, 0 to 65535. Read it; change it through the methods. */
  levels: Uint16Array;
  /** Tiles that the act in progress touched, as they were before it. */
  #before = new Map<number, Uint16Array>();

  constructor(size: Size, levels: Uint16Array) {
    this.size = size;
    this.levels = levels;
  }

  /** All of it in [0, 1]. */
  alpha(): Float32Array {
    const alpha = new Float32Array(this.levels.length);
    for (let i = 0; i < alpha.length; i++) alpha[i] = this.levels[i]! * ONE;
    return alpha;
  }

  /** What `box` shows, in [0, 1]. */
  read(box: Box): Float32Array {
    const [top, left, bottom, right] = box;
    const values = new Float32Array((bottom - top) * (right - left));
    for (let y = top, i = 0; y < bottom; y++) {
      const row = y * this.size[1];
      for (let x = row + left; x < row + right; x++) values[i++] = this.levels[x]! * ONE;
    }
    return values;
  }

  /** What `box` showed before the act in progress, in [0, 1]. */
  readBefore(box: Box): Float32Array {
    const values = this.read(box);
    const across = box[3] - box[1];
    for (const tile of tilesOf(box, this.size)) {
      const kept = this.#before.get(tile);
      if (!kept) continue;
      const [top, left, bottom, right] = tileBox(tile, this.size);
      const [from, to] = [Math.max(left, box[1]), Math.min(right, box[3])];
      for (let y = Math.max(top, box[0]); y < Math.min(bottom, box[2]); y++) {
        let source = (y - top) * (right - left) + from - left;
        let target = (y - box[0]) * across + from - box[1];
        for (let x = from; x < to; x++) values[target++] = kept[source++]! * ONE;
      }
    }
    return values;
  }

  /** Puts `values` in [0, 1] into `box`; the tiles that it touches are remembered as they were. */
  write(box: Box, values: Float32Array): void {
    for (const tile of tilesOf(box, this.size)) {
      if (!this.#before.has(tile)) this.#before.set(tile, this.#tile(tile));
    }
    const [top, left, bottom, right] = box;
    for (let y = top, i = 0; y < bottom; y++) {
      const row = y * this.size[1];
      for (let x = row + left; x < row + right; x++) this.levels[x] = (values[i++]! * FULL + 0.5) | 0;
    }
  }

  /** Ends the act in progress: what it changed. */
  seal(): Patch {
    const differences = new Map(this.#before);
    let box: Box | null = null;
    for (const [tile, words] of differences) {
      const after = this.#tile(tile);
      for (let i = 0; i < words.length; i++) words[i]! ^= after[i]!;
      box = united(box, tileBox(tile, this.size));
    }
    this.#before.clear();
    return new Patch(differences, box);
  }

  /** Takes the act in progress back: the box that changed by that. */
  revert(): Box | null {
    let box: Box | null = null;
    for (const [tile, before] of this.#before) {
      this.#put(tile, before);
      box = united(box, tileBox(tile, this.size));
    }
    this.#before.clear();
    return box;
  }

  /** Undoes what `patch` did, or does it again. */
  apply(patch: Patch): Box | null {
    for (const tile of patch.tiles) {
      const values = this.#tile(tile);
      patch.apply(tile, values);
      this.#put(tile, values);
    }
    return patch.box;
  }

  #tile(tile: number): Uint16Array {
    const [top, left, bottom, right] = tileBox(tile, this.size);
    const values = new Uint16Array((bottom - top) * (right - left));
    for (let y = top; y < bottom; y++) {
      const row = y * this.size[1];
      values.set(this.levels.subarray(row + left, row + right), (y - top) * (right - left));
    }
    return values;
  }

  #put(tile: number, values: Uint16Array): void {
    const [top, left, bottom, right] = tileBox(tile, this.size);
    const across = right - left;
    for (let y = top; y < bottom; y++) {
      this.levels.set(values.subarray((y - top) * across, (y - top + 1) * across), y * this.size[1] + left);
    }
  }
}
