/** What one act changed of the matte: tile number → exclusive-or of before and after. The same patch undoes and redoes. */
import type { Box } from "../pictures.ts";
import { type Packed, packed, unpackInto } from "./packing.ts";

type Part = Uint16Array | Packed;

export class Patch {
  /** Around all tiles that were touched. */
  readonly box: Box | null;
  readonly #parts = new Map<number, Part>();
  #loose: number[];

  /** `differences` become the patch's own. They are kept as they are until `pack`, so that ending a stroke takes no time. */
  constructor(differences: ReadonlyMap<number, Uint16Array>, box: Box | null) {
    this.box = box;
    for (const [tile, words] of differences) this.#parts.set(tile, words);
    this.#loose = [...differences.keys()];
  }

  get bytes(): number {
    let bytes = 0;
    for (const part of this.#parts.values())
      bytes += part instanceof Uint16Array ? part.byteLength : part.bytes.byteLength;
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
      const small = packed(this.#parts.get(tile) as Uint16Array);
      if (small) this.#parts.set(tile, small);
      else this.#parts.delete(tile);
    }
    return true;
  }

  /** Turns `values`, what `tile` holds, into what was on the other side of the act, in place. */
  apply(tile: number, values: Uint16Array): void {
    const part = this.#parts.get(tile)!;
    if (!(part instanceof Uint16Array)) unpackInto(part, values);
    else for (let i = 0; i < values.length; i++) values[i]! ^= part[i]!;
  }
}
