/** The matte while it is edited: 16 bits a pixel, with the tiles as they were before the act that goes on. */
import type { Box, Size } from "../pictures.ts";
import { Patch } from "./patch.ts";
import type { Stroke } from "./recipe.ts";
import { tileAt, tileBox, tileCount, tilesOf } from "./tiles.ts";

/** Alpha 1 in 16 bits. */
export const FULL = 65535;
const ONE = 1 / FULL;
/** What a brush paints has 12 bits: the rest would be noise, and noise is what a history is made of. A power of two. */
const STEP = 16;
/** A photo's own alpha of 8 bits in 16. */
const WIDER = FULL / 255;

export type Paint = Pick<Stroke, "mode" | "opacity">;

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

  /** Puts `values` in [0, 1] into `box`; the tiles that it touches are remembered as they were. */
  write(box: Box, values: Float32Array): void {
    for (const tile of tilesOf(box, this.size)) this.#remembered(tile);
    const [top, left, bottom, right] = box;
    for (let y = top, i = 0; y < bottom; y++) {
      const row = y * this.size[1];
      for (let x = row + left; x < row + right; x++) this.levels[x] = (values[i++]! * FULL + 0.5) | 0;
    }
  }

  /**
   * Row `y` from column `from` on, all in one tile, becomes what it was before the act, gone `coverage`·`opacity` of the way
   * to nothing or to `ceiling`, the photo's own alpha (H×W of 8 bits, null where it is opaque). The kernel `blend`, in
   * place: a brush that is 800 px wide paints half a million pixels between two frames.
   */
  blendRow(
    y: number,
    from: number,
    coverage: Float32Array,
    { mode, opacity }: Paint,
    ceiling: Uint8Array | null,
  ): void {
    const { levels } = this;
    const [top, left, , right] = tileBox(tileAt(y, from, this.size), this.size);
    const before = this.#remembered(tileAt(y, from, this.size));
    const own = mode === "restore" ? ceiling : null;
    const goal = mode === "restore" ? FULL : 0;
    let there = (y - top) * (right - left) + from - left;
    let here = y * this.size[1] + from;
    for (let i = 0; i < coverage.length; i++, here++, there++) {
      const share = coverage[i]! * opacity;
      if (share === 0) continue;
      const level = before[there]!;
      const wanted = own ? own[here]! * WIDER : goal;
      levels[here] = Math.min(FULL, (level + (wanted - level) * share + STEP / 2) & -STEP);
    }
  }

  /** Ends the act in progress: what it changed. */
  seal(): Patch {
    for (const [tile, words] of this.#before) this.#lessNow(tile, words);
    const patch = new Patch(this.size, this.#before);
    this.#before = new Map();
    return patch;
  }

  /** What this has become since `base`. */
  since(base: Uint16Array): Patch {
    const before = new EditedMatte(this.size, base);
    const differences = new Map<number, Uint16Array>();
    for (let tile = 0; tile < tileCount(this.size); tile++) {
      const words = before.#tile(tile);
      if (this.#lessNow(tile, words)) differences.set(tile, words);
    }
    return new Patch(this.size, differences);
  }

  /** Takes the act in progress back: the tiles that changed by that. */
  revert(): Box[] {
    const boxes = [...this.#before.keys()].map((tile) => tileBox(tile, this.size));
    for (const [tile, before] of this.#before) this.#put(tile, before);
    this.#before = new Map();
    return boxes;
  }

  /** Takes back what `patch` did: the tiles that changed. */
  undo(patch: Patch): Box[] {
    return this.#apply(patch, -1);
  }

  redo(patch: Patch): Box[] {
    return this.#apply(patch, 1);
  }

  #apply(patch: Patch, sign: 1 | -1): Box[] {
    const boxes: Box[] = [];
    for (const tile of patch.tiles) {
      const difference = patch.difference(tile);
      const box = tileBox(tile, this.size);
      const [top, left, bottom, right] = box;
      for (let y = top, i = 0; y < bottom; y++) {
        const row = y * this.size[1];
        for (let x = row + left; x < row + right; x++) this.levels[x]! += sign * difference[i++]!;
      }
      boxes.push(box);
    }
    return boxes;
  }

  /** The tile as it was before the act in progress. */
  #remembered(tile: number): Uint16Array {
    let before = this.#before.get(tile);
    if (!before) {
      before = this.#tile(tile);
      this.#before.set(tile, before);
    }
    return before;
  }

  /** Turns what `tile` was into what it is now less that, modulo 2^16: whether that is anything. */
  #lessNow(tile: number, words: Uint16Array): boolean {
    const [top, left, bottom, right] = tileBox(tile, this.size);
    let hasChanged = 0;
    for (let y = top, i = 0; y < bottom; y++) {
      const row = y * this.size[1];
      for (let x = row + left; x < row + right; x++, i++) {
        const difference = this.levels[x]! - words[i]!;
        hasChanged |= difference;
        words[i] = difference;
      }
    }
    return hasChanged !== 0;
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
