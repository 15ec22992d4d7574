/** What squares of pixels say of the two colours behind them: sums, from 4×4 pixels on. See `mixture.ts`. */
import type { Size } from "../pictures.ts";
import { type Numbers, readNumbers } from "./rows.ts";
import type { Marks } from "./windows.ts";

/** The planes of a level: α, α², I (3), αI (3), and how much of it is believed where not all is. */
export const [ALPHA, SQUARE, PHOTO, SHARE, BELIEVED] = [0, 1, 2, 5, 8];
const CELL = 4;

/** Means over cells, eight or nine planes of `size`. */
export interface Level {
  readonly size: Size;
  readonly planes: Float32Array;
}

/** The sums of cells of 4×4 pixels, as means over a cell, and which of them have soft pixels. */
export function cellsOf(
  rgb: Numbers,
  alpha: Float32Array,
  weight: Numbers | null,
  size: Size,
): { level: Level; marks: Marks } {
  const [height, width] = size;
  const cells: Size = [Math.ceil(height / CELL), Math.ceil(width / CELL)];
  const planes = new Float32Array((weight ? 9 : 8) * cells[0] * cells[1]);
  const marks = new Uint8Array(cells[0] * cells[1]);
  const colours = new Float32Array(3 * width);
  const believed = new Float32Array(width).fill(1);
  const sums = new Float64Array(9 * cells[1]);
  for (let row = 0; row < cells[0]; row++) {
    sums.fill(0);
    for (let line = 0; line < CELL; line++) {
      const y = Math.min(CELL * row + line, height - 1); // where cells are cut off, the last pixels count again
      readNumbers(rgb, 3 * y * width, 3 * width, colours);
      if (weight) readNumbers(weight, y * width, width, believed);
      sumUp(colours, alpha, y * width, believed, sums, marks, row * cells[1]);
    }
    for (let plane = 0; plane < planes.length / (cells[0] * cells[1]); plane++) {
      const at = (plane * cells[0] + row) * cells[1];
      for (let x = 0; x < cells[1]; x++) planes[at + x] = sums[9 * x + plane]! / (CELL * CELL);
    }
  }
  return { level: { size: cells, planes }, marks };
}

/** Adds a line of pixels to the sums of its cells, nine a cell, and marks those with soft pixels. */
function sumUp(
  colours: Float32Array,
  alpha: Float32Array,
  start: number,
  believed: Float32Array,
  sums: Float64Array,
  marks: Marks,
  row: number,
): void {
  const width = believed.length;
  for (let cell = 0, at = 0; at < sums.length; cell++, at += 9) {
    for (let x = CELL * cell; x < CELL * cell + CELL; x++) {
      const column = x < width ? x : width - 1;
      const a = alpha[start + column]!;
      const weight = believed[column]!;
      const red = weight * colours[3 * column]!;
      const green = weight * colours[3 * column + 1]!;
      const blue = weight * colours[3 * column + 2]!;
      sums[at + PHOTO]! += red;
      sums[at + PHOTO + 1]! += green;
      sums[at + PHOTO + 2]! += blue;
      sums[at + BELIEVED]! += weight;
      if (a === 0) continue;
      sums[at + ALPHA]! += weight * a;
      sums[at + SQUARE]! += weight * a * a;
      sums[at + SHARE]! += red * a;
      sums[at + SHARE + 1]! += green * a;
      sums[at + SHARE + 2]! += blue * a;
      if (a < 1) marks[row + cell] = 1;
    }
  }
}

/** The level above: means of 2×2 cells; a last row or column that is alone counts twice. */
export function halvedLevel({ size, planes }: Level): Level {
  const [height, width] = size;
  const half: Size = [(height + 1) >> 1, (width + 1) >> 1];
  const count = planes.length / (height * width);
  const result = new Float32Array(count * half[0] * half[1]);
  for (let plane = 0, i = 0; plane < count; plane++) {
    for (let y = 0; y < half[0]; y++) {
      const upper = (plane * height + 2 * y) * width;
      const lower = (plane * height + Math.min(2 * y + 1, height - 1)) * width;
      for (let x = 0; x < half[1]; x++, i++) {
        const left = 2 * x;
        const right = left + 1 < width ? left + 1 : left;
        result[i] =
          (planes[upper + left]! + planes[lower + left]! + planes[upper + right]! + planes[lower + right]!) / 4;
      }
    }
  }
  return { size: half, planes: result };
}
