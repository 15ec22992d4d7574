/** One straight piece of a stroke, and the rows of the photo in which coverage grew by such pieces. */
import type { StrokePoint } from "../../editor/recipe.ts";
import type { Box, Size } from "../../pictures.ts";
import { type BrushShape, boxAround, diameterAt } from "./reach.ts";

/** From `start` to `end`, or a disc at `end` where there is no start. Along it the radius changes evenly. */
export class Segment {
  readonly #x: number;
  readonly #y: number;
  readonly #alongX: number;
  readonly #alongY: number;
  /** Of a place beside the start, its share of the way to the end. */
  readonly #shareX: number;
  readonly #shareY: number;
  readonly #startRadius: number;
  readonly #wider: number;
  readonly #hardness: number;
  /** Further away nothing is covered. */
  readonly #reach: number;
  /** What lies behind the start was covered before, at least as much. */
  readonly #isAhead: boolean;

  /** `isCovered`: the piece before ended at `start` and was as wide everywhere as there. */
  constructor(start: StrokePoint | null, end: StrokePoint, shape: BrushShape, isCovered: boolean) {
    const from = start ?? end;
    const wide = diameterAt(shape.diameter_px, end[2]) / 2;
    this.#x = from[0];
    this.#y = from[1];
    this.#alongX = end[0] - from[0];
    this.#alongY = end[1] - from[1];
    const length = this.#alongX * this.#alongX + this.#alongY * this.#alongY;
    this.#shareX = length > 0 ? this.#alongX / length : 0;
    this.#shareY = length > 0 ? this.#alongY / length : 0;
    this.#startRadius = diameterAt(shape.diameter_px, from[2]) / 2;
    this.#wider = wide - this.#startRadius;
    this.#hardness = shape.hardness;
    this.#reach = Math.max(wide, this.#startRadius) + 0.5;
    this.#isAhead = isCovered && length > 0;
  }

  /** The pixels that may be covered; null where that is nothing of the photo. */
  box(size: Size): Box | null {
    const end = [this.#x + this.#alongX, this.#y + this.#alongY];
    return boxAround(size, [[this.#x, this.#y], end], this.#reach + 0.5);
  }

  /** The columns between `from` and `to` that row `y` may be covered in, or be more than before. */
  span(y: number, from: number, to: number): readonly [from: number, to: number] {
    const [left, right] = this.#crossed(y + 0.5 - this.#y);
    if (left >= right) return [from, from];
    return [Math.max(from, Math.floor(this.#x + left - 0.5)), Math.min(to, Math.ceil(this.#x + right + 0.5))];
  }

  /** Raises columns `from` to `to` of a row, whose pixel x lies at `at + x` of `tile`, to what is covered. */
  raise(tile: Float32Array, at: number, y: number, from: number, to: number, grown: GrownRows): void {
    const reach = this.#reach * this.#reach;
    const down = y + 0.5 - this.#y;
    const [alongX, alongY, shareX] = [this.#alongX, this.#alongY, this.#shareX];
    const [startRadius, wider, hardness] = [this.#startRadius, this.#wider, this.#hardness];
    const share0 = down * this.#shareY;
    let first = -1;
    let last = -1;
    for (let column = from; column < to; column++) {
      const before = tile[at + column]!;
      if (before === 1) continue;
      const x = column + 0.5 - this.#x;
      let share = x * shareX + share0;
      share = Math.min(1, Math.max(0, share));
      const offX = x - share * alongX;
      const offY = down - share * alongY;
      const square = offX * offX + offY * offY;
      if (square >= reach) continue;
      const radius = startRadius + share * wider;
      const outer = radius + 0.5 * hardness;
      const ramp = outer - radius * hardness;
      const covered = (outer - Math.sqrt(square)) / Math.max(1, ramp);
      if (covered <= before) continue;
      tile[at + column] = Math.min(1, covered);
      if (first < 0) first = column;
      last = column;
    }
    if (first >= 0) grown.add(y, first, last + 1);
  }

  /** Between which x from the start a row `down` px below it crosses what lies within reach. */
  #crossed(down: number): readonly [number, number] {
    const [reach, alongX, alongY] = [this.#reach, this.#alongX, this.#alongY];
    let [left, right] = [Infinity, -Infinity];
    const meets = (from: number, to: number): void => {
      left = Math.min(left, from);
      right = Math.max(right, to);
    };
    const round = (x: number, y: number): void => {
      const half = reach * reach - (down - y) * (down - y);
      if (half > 0) meets(x - Math.sqrt(half), x + Math.sqrt(half));
    };
    round(0, 0);
    round(alongX, alongY);
    const length = Math.hypot(alongX, alongY);
    for (const side of alongY ? [-reach / length, reach / length] : []) {
      const share = (down - side * alongX) / alongY;
      if (share >= 0 && share <= 1) meets(share * alongX - side * alongY, share * alongX - side * alongY);
    }
    if (!this.#isAhead) return [left, right];
    if (alongX > 0) return [Math.max(left, -1 - (down * alongY) / alongX), right];
    if (alongX < 0) return [left, Math.min(right, 1 - (down * alongY) / alongX)];
    return down * alongY < 0 ? [0, 0] : [left, right];
  }
}

/** For each row of a photo the columns between which something grew. */
export class GrownRows {
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  #top: number;
  #bottom = 0;

  constructor(height: number) {
    this.#from = new Int32Array(height).fill(0x7fffffff);
    this.#to = new Int32Array(height);
    this.#top = height;
  }

  add(y: number, from: number, to: number): void {
    if (from < this.#from[y]!) this.#from[y] = from;
    if (to > this.#to[y]!) this.#to[y] = to;
    if (y < this.#top) this.#top = y;
    if (y >= this.#bottom) this.#bottom = y + 1;
  }

  clear(): void {
    this.#from.fill(0x7fffffff);
    this.#to.fill(0);
    this.#top = this.#from.length;
    this.#bottom = 0;
  }

  each(work: (y: number, from: number, to: number) => void): void {
    for (let y = this.#top; y < this.#bottom; y++) {
      if (this.#to[y]) work(y, this.#from[y]!, this.#to[y]!);
    }
  }

  get box(): Box | null {
    let [left, right] = [Infinity, 0];
    this.each((_, from, to) => {
      left = Math.min(left, from);
      right = Math.max(right, to);
    });
    return right ? [this.#top, left, this.#bottom, right] : null;
  }
}
