/** What one act changed of the matte: tile number → after less before, modulo 2^16. The same patch undoes and redoes. */
import type { Box, Size } from "../pictures.ts";
import { packed, unpacked } from "./packing.ts";
import { areaOf, tileBox } from "./tiles.ts";

export class Patch {
  readonly #size: Size;
  /** Plain, or packed. */
  readonly #parts = new Map<number, Uint16Array | Uint8Array>();
  readonly #loose: number[];

  /** `differences` become the patch's own. They are kept as they are until `pack`, so that ending a stroke takes no time. */
  constructor(size: Size, differences: ReadonlyMap<number, Uint16Array>) {
    this.#size = size;
    for (const [tile, words] of differences) this.#parts.set(tile, words);
    this.#loose = [...differences.keys()];
  }

  get bytes(): number {
    let bytes = 0;
    for (const part of this.#parts.values()) bytes += part.byteLength;
    return bytes;
  }

  get tiles(): readonly number[] {
    return [...this.#parts.keys()];
  }

  /** Of the tiles that it changes. */
  get boxes(): readonly Box[] {
    return this.tiles.map((tile) => tileBox(tile, this.#size));
  }

  /** Makes it small until `isOver`: whether all of it is. */
  pack(isOver: () => boolean): boolean {
    while (this.#loose.length) {
      if (isOver()) return false;
      const tile = this.#loose.pop()!;
      const small = packed(this.#parts.get(tile) as Uint16Array, this.#across(tile));
      if (small) this.#parts.set(tile, small);
      else this.#parts.delete(tile);
    }
    return true;
  }

  /** After less before of every pixel of `tile`, row by row. */
  difference(tile: number): Uint16Array {
    const part = this.#parts.get(tile)!;
    if (part instanceof Uint16Array) return part;
    return unpacked(part, areaOf(tileBox(tile, this.#size)), this.#across(tile));
  }

  #across(tile: number): number {
    const [, left, , right] = tileBox(tile, this.#size);
    return right - left;
  }
}
