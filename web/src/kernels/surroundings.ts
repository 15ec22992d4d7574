/** What the colours of a part of a photo depend on beyond it: the coarse levels of `mixture.ts`, kept and mended. */
import type { Size } from "../pictures.ts";
import { halvedLevel, type Level } from "./cells.ts";
import { type Field, levelsFrom, overall, relaxed, roundsOf } from "./pyramid.ts";

/** The level that is kept, and how many pixels a side its cells have. */
const PLACE = 4;
export const SURROUNDINGS_PX = 4 << PLACE;

/** The colours of a whole photo at cells of 64 pixels. It learns how the matte changed from the parts that are asked for. */
export class Surroundings {
  readonly whole: Size;
  readonly #level: Level;
  #field: Field | null = null;

  /** From the sums of the photo's cells of 4×4 pixels. */
  constructor(whole: Size, cells: Level) {
    this.whole = whole;
    let level = cells;
    for (let place = 0; place < PLACE; place++) level = halvedLevel(level);
    this.#level = level;
  }

  /** F and B of the cells. */
  get field(): Field {
    this.#field ??= this.#solved();
    return this.#field;
  }

  /** Takes the sums of a part's cells of 32 pixels for what is there; the part begins at a cell (top, left) of 64. */
  learn(cells: Level, top: number, left: number): void {
    const { size, planes } = halvedLevel(cells);
    const [height, width] = this.#level.size;
    for (let plane = 0; plane < planes.length / (size[0] * size[1]); plane++) {
      for (let y = 0; y < size[0]; y++) {
        const row = planes.subarray((plane * size[0] + y) * size[1], (plane * size[0] + y + 1) * size[1]);
        this.#level.planes.set(row, (plane * height + top + y) * width + left);
      }
    }
    this.#field = null;
  }

  #solved(): Field {
    const levels = levelsFrom(this.#level, null);
    let field = overall(levels.at(-1)!);
    for (let place = PLACE + levels.length - 1; place >= PLACE; place--) {
      field = relaxed(levels.pop()!, field, [0, 0], place, roundsOf(this.whole, place));
    }
    return field;
  }
}

/** Where a part lies in its photo: it covers whole cells of `SURROUNDINGS_PX`, or ends with the photo. */
export interface Part {
  readonly top: number;
  readonly left: number;
  readonly surroundings: Surroundings;
}
