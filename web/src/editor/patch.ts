/** What one act changed of the matte: tile number → exclusive-or of before and after. The same patch undoes and redoes. */
import type { Box } from "../pictures.ts";
import { packed, unpackInto } from "./packing.ts";

interface Part {
  words: Uint16Array;
  isPacked: boolean;
}

export class Patch {
  /** Around all tiles that were touched. */
  readonly box: Box | null;
  readonly #parts = new Map<number, Part>();
  #loose: number[];

  /** `differences` become the patch's own. They are kept as they are until `pack`, so that ending a stroke takes no time. */
  constructor(differences: ReadonlyMap<number, Uint16Array>, box: Box | null) {
    this.box = box;
    for (const [tile, words] of differences) this.#parts.set(tile, { words, isPacked: false });
    this.#loose = [...differences.keys()];
  }

  get bytes(): number {
    let bytes = 0;
    for (const part of this.#parts.values()) bytes += part.words.byteLength;
    return bytes;
  }

  get tiles(): Iterable<number> {
    return this.#parts.keys();
  }

  /** Makes it small until `isOver`: whether all of it is. */
  pack(isOver: () => boolean): boolean {
    while (this.#loose.length) {
      if (isOver()) return false;
      const tile = this.#loose.pop()!;
      const words = packed(this.#parts.get(tile)!.words);
      if (words) this.#parts.set(tile, { words, isPacked: true });
      else this.#parts.delete(tile);
    }
    return true;
  }

  /** Turns `values`, what `tile` holds, into what was on the other side of the act, in place. */
  apply(tile: number, values: Uint16Array): void {
    const { words, isPacked } = this.#parts.get(tile)!;
    if (isPacked) unpackInto(words, values);
    else for (let i = 0; i < values.length; i++) values[i]! ^= words[i]!;
  }
}
