/** A PNG's pixels, from the unpacked stream to samples: filters undone, bits spread out, passes put in place. */
import { broken } from "./damage.ts";

/** A part of a picture whose rows follow on each other in the stream: all of it, or one of seven interlaced passes. */
export interface Pass {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

// W3C, "Portable Network Graphics", section 8.2: x, y, dx, dy of Adam7's passes.
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function passes(width: number, height: number, isInterlaced: boolean): Pass[] {
  if (!isInterlaced) return [{ width, height, x: 0, y: 0, dx: 1, dy: 1 }];
  return ADAM7.map(([x, y, dx, dy]) => ({
    width: Math.ceil((width - x) / dx),
    height: Math.ceil((height - y) / dy),
    x,
    y,
    dx,
    dy,
  })).filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Undoes a row's filter in place; `above` is the row before it, without its filter, of zeros at the top. */
export function unfilter(kind: number, row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  const length = row.length;
  switch (kind) {
    case 0:
      return;
    case 1:
      for (let i = pixelBytes; i < length; i++) row[i] = row[i]! + row[i - pixelBytes]!;
      return;
    case 2:
      for (let i = 0; i < length; i++) row[i] = row[i]! + above[i]!;
      return;
    case 3:
      for (let i = 0; i < pixelBytes; i++) row[i] = row[i]! + (above[i]! >> 1);
      for (let i = pixelBytes; i < length; i++) row[i] = row[i]! + ((row[i - pixelBytes]! + above[i]!) >> 1);
      return;
    case 4:
      for (let i = 0; i < pixelBytes; i++) row[i] = row[i]! + above[i]!;
      for (let i = pixelBytes; i < length; i++) {
        row[i] = row[i]! + paeth(row[i - pixelBytes]!, above[i]!, above[i - pixelBytes]!);
      }
      return;
    default:
      throw broken("PNG", "a row has an unknown filter");
  }
}

/** Whichever of left, up and corner is nearest to left + up − corner, ties in that order. */
export function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

/** Samples of 1, 2 or 4 bits as bytes, not scaled. */
export function unpackBits(row: Uint8Array, depth: number, out: Uint8Array): void {
  const [mask, perByte] = [(1 << depth) - 1, 8 / depth];
  for (let i = 0; i < out.length; i++) {
    const shift = 8 - depth * ((i % perByte) + 1);
    out[i] = (row[Math.floor(i / perByte)]! >> shift) & mask;
  }
}

/** Cuts a stream of any chunks into the rows of `rest`, each led by its filter's number, and undoes the filters. */
export class RowReader {
  private readonly rest: Pass[];
  private row = new Uint8Array(0);
  private above = new Uint8Array(0);
  private filled = 0;
  private y = 0;

  constructor(
    all: readonly Pass[],
    private readonly bitsPerPixel: number,
    private readonly take: (pass: Pass, y: number, row: Uint8Array) => void,
  ) {
    this.rest = [...all];
    this.begin();
  }

  get isDone(): boolean {
    return !this.rest.length;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.rest.length; ) {
      const count = Math.min(bytes.length - at, this.row.length - this.filled);
      this.row.set(bytes.subarray(at, at + count), this.filled);
      at += count;
      this.filled += count;
      if (this.filled === this.row.length) this.finish(this.rest[0]!);
    }
  }

  private finish(pass: Pass): void {
    const content = this.row.subarray(1);
    unfilter(this.row[0]!, content, this.above.subarray(1), Math.max(1, this.bitsPerPixel >> 3));
    this.take(pass, this.y, content);
    [this.row, this.above] = [this.above, this.row];
    this.filled = 0;
    if (++this.y < pass.height) return;
    this.rest.shift();
    this.begin();
  }

  private begin(): void {
    const pass = this.rest[0];
    if (!pass) return;
    const length = 1 + Math.ceil((pass.width * this.bitsPerPixel) / 8);
    [this.row, this.above, this.y] = [new Uint8Array(length), new Uint8Array(length), 0];
  }
}
