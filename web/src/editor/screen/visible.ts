/**
 * The matte as it is seen: 8 bits, after the sliders. Where the sliders are at rest it follows the edited matte at once;
 * where they are not, tiles are made anew in slices: coarse ones first, so that a dragged slider is followed.
 */
import type { Box, Size } from "../../pictures.ts";
import type { EditedMatte } from "../matte.ts";
import { areaOf, grown, isEmpty, shared, tileBox, tileCount, tilesOf } from "../tiles.ts";
import { areNeutral, factorFor, reachOf, type Sliders, slid } from "./sliders.ts";

const STALE = 0;
/** From here on each quarter that is finished counts one: a whole tile would take more than a slice. */
const COARSE = 1;
const FINE = 5;
/** Where a finer tile is still to come, pixels are computed 4×4 at once. */
const COARSE_FACTOR = 4;
/** A stroke's piece is computed at once up to this many px, what its sliders reach included. */
const AT_ONCE = 60_000;

export class VisibleMatte {
  readonly size: Size;
  /** H×W, 0 to 255. */
  readonly values: Uint8Array;
  readonly #matte: EditedMatte;
  readonly #ceiling: Uint8Array | null;
  readonly #state: Uint8Array;
  #sliders: Sliders;
  /** The tile that `fill` takes over next. */
  #next = 0;

  /** Nothing but zeros before `fill`. `ceiling` is the photo's own alpha: nothing grows to where the photo shows nothing. */
  constructor(matte: EditedMatte, ceiling: Uint8Array | null, sliders: Sliders) {
    this.size = matte.size;
    this.values = new Uint8Array(matte.size[0] * matte.size[1]);
    this.#matte = matte;
    this.#ceiling = ceiling;
    this.#state = new Uint8Array(tileCount(matte.size)).fill(STALE);
    this.#sliders = sliders;
    if (areNeutral(sliders)) this.#state.fill(FINE);
  }

  /** Takes the matte over, tile by tile until `isOver`, and says which came: whether all of it is there. */
  fill(isOver: () => boolean, came: (box: Box) => void): boolean {
    while (this.#next < this.#state.length) {
      if (isOver()) return false;
      const box = tileBox(this.#next++, this.size);
      this.#copy(box);
      came(box);
    }
    return true;
  }

  /** Other sliders: what must be drawn anew at once (the rest comes by `work`), or null. */
  slide(sliders: Sliders): Box | null {
    const old = this.#sliders;
    if (
      old.edge_shift === sliders.edge_shift &&
      old.edge_softness === sliders.edge_softness &&
      old.edge_contrast === sliders.edge_contrast
    ) {
      return null;
    }
    this.#sliders = sliders;
    if (!areNeutral(sliders)) {
      this.#state.fill(STALE);
      return null;
    }
    this.#state.fill(FINE);
    const whole: Box = [0, 0, ...this.size];
    this.#copy(whole);
    return whole;
  }

  /** The matte changed inside `box`: what must be drawn anew at once, or null. */
  changed(box: Box): Box | null {
    if (areNeutral(this.#sliders)) {
      this.#copy(box);
      return box;
    }
    const felt = grown(box, reachOf(this.#sliders), this.size);
    if (areaOf(grown(felt, reachOf(this.#sliders), this.size)) <= AT_ONCE) {
      this.#put(felt, slid(this.#matte, felt, this.#sliders, 1));
      return felt;
    }
    for (const tile of tilesOf(felt, this.size)) this.#state[tile] = STALE;
    return null;
  }

  /** Makes tiles inside `box` anew until `isOver`: what changed, and whether nothing is left to do there. */
  work(box: Box, isOver: () => boolean): { readonly boxes: readonly Box[]; readonly isDone: boolean } {
    const boxes: Box[] = [];
    const tiles = tilesOf(box, this.size);
    for (const goal of [COARSE, FINE]) {
      for (const tile of tiles) {
        while (this.#state[tile]! < goal) {
          if (isOver()) return { boxes, isDone: false };
          boxes.push(this.#make(tile));
        }
      }
    }
    return { boxes, isDone: true };
  }

  /** Alpha of `box` in [0, 1], for what is computed from what is seen. */
  read(box: Box): Float32Array {
    const values = new Float32Array(areaOf(box));
    for (let y = box[0], i = 0; y < box[2]; y++) {
      for (let x = box[1]; x < box[3]; x++) values[i++] = this.values[y * this.size[1] + x]! / 255;
    }
    return values;
  }

  /** The next better form of a tile, or of a quarter of it: where. */
  #make(tile: number): Box {
    const whole = tileBox(tile, this.size);
    const state = this.#state[tile]!++;
    const isCoarse = state === STALE;
    const box = isCoarse ? whole : quarterOf(whole, state - COARSE);
    if (isEmpty(box)) return whole;
    const quick = factorFor(box, this.#sliders, this.size);
    this.#put(box, slid(this.#matte, box, this.#sliders, isCoarse ? Math.max(COARSE_FACTOR, quick * 2) : quick));
    return box;
  }

  #put(box: Box, alpha: Float32Array): void {
    for (let y = box[0], i = 0; y < box[2]; y++) {
      const row = y * this.size[1];
      for (let x = row + box[1]; x < row + box[3]; x++) {
        const value = alpha[i++]! * 255 + 0.5;
        this.values[x] = this.#ceiling ? Math.min(value, this.#ceiling[x]!) : value;
      }
    }
  }

  #copy(box: Box): void {
    const inside = shared(box, [0, 0, ...this.size]);
    if (!inside) return;
    const [top, left, bottom, right] = inside;
    for (let y = top; y < bottom; y++) {
      const row = y * this.size[1];
      // 65535 is 255·257: the nearest of 256 levels.
      for (let x = row + left; x < row + right; x++) this.values[x] = (this.#matte.levels[x]! * 255 + 32895) >> 16;
    }
  }
}

/** Quarter 0 to 3 of a box, row by row; empty ones of a narrow box are fine. */
function quarterOf([top, left, bottom, right]: Box, quarter: number): Box {
  const [down, across] = [Math.ceil((top + bottom) / 2), Math.ceil((left + right) / 2)];
  const [upper, lower] = quarter < 2 ? [top, down] : [down, bottom];
  return quarter % 2 ? [upper, across, lower, right] : [upper, left, lower, across];
}
