/** The connected pieces of a mask, and small grids on which to look for them. */
import type { Size } from "../pictures.ts";
import type { Marks } from "./windows.ts";

/**
 * The number of each pixel's piece (h×w, 0 outside), and how many there are.
 *
 * Pixels that touch, corners included, are one piece; pieces are numbered from 1 on in reading order.
 */
export function label(mask: Marks, size: Size): { labels: Int32Array; count: number } {
  const [height, width] = size;
  const labels = new Int32Array(mask.length);
  const found: number[] = [];
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || labels[start]) continue;
    labels[start] = ++count;
    found.push(start);
    while (found.length) {
      const at = found.pop()!;
      const y = Math.floor(at / width);
      const x = at % width;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const beside = row * width + column;
          if (!mask[beside] || labels[beside]) continue;
          labels[beside] = count;
          found.push(beside);
        }
      }
    }
  }
  return { labels, count };
}

/**
 * The largest alpha and the sum of it in each cell of `cell`×`cell` pixels, ⌈h/cell⌉×⌈w/cell⌉ both.
 *
 * The largest one keeps a line of one pixel whole, where a mean would break it.
 */
export function pooled(
  alpha: Float32Array,
  size: Size,
  cell: number,
): { most: Float32Array; mass: Float64Array; size: Size } {
  const [height, width] = size;
  const across = Math.ceil(width / cell);
  const cells: Size = [Math.ceil(height / cell), across];
  const most = new Float32Array(cells[0] * across);
  const mass = new Float64Array(cells[0] * across);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cell) * across;
    for (let column = 0, i = y * width; column < across; column++) {
      let high = most[row + column]!;
      let sum = 0;
      for (const end = y * width + Math.min(width, (column + 1) * cell); i < end; i++) {
        const value = alpha[i]!;
        sum += value;
        if (value > high) high = value;
      }
      most[row + column] = high;
      mass[row + column]! += sum;
    }
  }
  return { most, mass, size: cells };
}

/** `marks` and all that lies within `cells` of one, in either direction and both. */
export function spread(marks: Marks, size: Size, cells: number): Marks {
  const [height, width] = size;
  const across = new Uint8Array(marks.length);
  const result = new Uint8Array(marks.length);
  for (let y = 0; y < height; y++) {
    // Up to where the row is marked already.
    for (let x = 0, i = y * width, done = i; x < width; x++, i++) {
      if (!marks[i]) continue;
      const end = y * width + Math.min(width, x + cells + 1);
      across.fill(1, Math.max(done, i - Math.min(x, cells)), end);
      done = end;
    }
  }
  // The last row, for each column, that the marks seen so far reach.
  const reached = new Int32Array(width).fill(-1);
  for (let row = 0; row < height + cells; row++) {
    if (row < height) {
      for (let x = 0, i = row * width; x < width; x++, i++) if (across[i]) reached[x] = row + cells;
    }
    const y = row - cells;
    if (y >= 0) for (let x = 0, i = y * width; x < width; x++, i++) if (reached[x]! >= y) result[i] = 1;
  }
  return result;
}
