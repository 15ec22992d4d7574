/** Half the size, by means of 2×2 pixels. */
import type { Rows } from "./rows.ts";

/** Means of 2×2 pixels, ⌈h/2⌉×⌈w/2⌉, made as they are read. A last row or column that is alone counts twice. */
export function halved(rows: Rows): Rows {
  const [height, width] = rows.size;
  const { channels } = rows;
  const upper = new Float32Array((width + 1) * channels);
  const lower = new Float32Array((width + 1) * channels);
  return {
    size: [(height + 1) >> 1, (width + 1) >> 1],
    channels,
    read(y, left, right, into) {
      const end = Math.min(2 * right, width);
      rows.read(2 * y, 2 * left, end, upper);
      const isAlone = 2 * y + 1 === height;
      if (!isAlone) rows.read(2 * y + 1, 2 * left, end, lower);
      const below = isAlone ? upper : lower;
      const count = (end - 2 * left) * channels;
      if (end < 2 * right) {
        upper.copyWithin(count, count - channels, count);
        below.copyWithin(count, count - channels, count);
      }
      mean(upper, below, channels, right - left, into);
    },
  };
}

/** In single precision as in Python, to the bit: a last digit may decide which of two colours a pixel counts as. */
function mean(upper: Float32Array, below: Float32Array, channels: number, count: number, into: Float32Array): void {
  for (let c = 0; c < channels; c++) {
    for (let i = c, at = c, end = count * channels; i < end; i += channels, at += 2 * channels) {
      const after = at + channels;
      into[i] = (Math.fround(upper[at]! + below[at]!) + Math.fround(upper[after]! + below[after]!)) * 0.25;
    }
  }
}
