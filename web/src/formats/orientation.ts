/** The eight ways in which a camera can be held. Twin of Python's `orientation.py`. */
import type { Samples, Size } from "../pictures.ts";

/** The orientation turns the picture by a quarter. */
export function swapsSides(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8;
}

/** Where the pixels of an upright picture lie in the stored one: `start + y * down + x * right`, counted in pixels. */
export interface Walk {
  readonly size: Size;
  readonly start: number;
  readonly down: number;
  readonly right: number;
}

/** The walk through stored pixels of `size` for EXIF's orientation 1 to 8; any other number does nothing. */
export function walk([height, width]: Size, orientation: number): Walk {
  const swaps = swapsSides(orientation);
  // Upright rows run along stored columns where the sides are swapped.
  let [down, right] = swaps ? [1, width] : [width, 1];
  const size: Size = swaps ? [width, height] : [height, width];
  let start = 0;
  if ([3, 4, 7, 8].includes(orientation)) {
    start += (size[0] - 1) * down;
    down = -down;
  }
  if ([2, 3, 6, 7].includes(orientation)) {
    start += (size[1] - 1) * right;
    right = -right;
  }
  return { size, start, down, right };
}

/** Channels `from` to `from + count` of `stored` (pixels of `channels` samples), upright and alone. */
export function pick(stored: Samples, channels: number, from: number, count: number, path: Walk): Samples {
  const [height, width] = path.size;
  const out =
    stored instanceof Uint16Array ? new Uint16Array(height * width * count) : new Uint8Array(height * width * count);
  const step = path.right * channels;
  let to = 0;
  for (let y = 0; y < height; y++) {
    let at = (path.start + y * path.down) * channels + from;
    if (count === 3) {
      for (let x = 0; x < width; x++, at += step, to += 3) {
        out[to] = stored[at]!;
        out[to + 1] = stored[at + 1]!;
        out[to + 2] = stored[at + 2]!;
      }
    } else {
      for (let x = 0; x < width; x++, at += step) for (let c = 0; c < count; c++) out[to++] = stored[at + c]!;
    }
  }
  return out;
}
