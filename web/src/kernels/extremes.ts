/** The largest and the smallest values in square windows. */
import type { Size } from "../pictures.ts";

/** The largest value within `radius` pixels each way of every pixel of h×w; windows end at the border. */
export function largest(plane: Float32Array, size: Size, radius: number): Float32Array {
  const [height, width] = size;
  const across = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let most = -Infinity;
      const stop = y * width + Math.min(width - 1, x + radius);
      for (let i = y * width + Math.max(0, x - radius); i <= stop; i++) if (plane[i]! > most) most = plane[i]!;
      across[y * width + x] = most;
    }
  }
  const result = new Float32Array(plane.length).fill(-Infinity);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let from = Math.max(0, y - radius); from <= Math.min(height - 1, y + radius); from++) {
      for (let x = 0, i = from * width; x < width; x++, i++)
        if (across[i]! > result[start + x]!) result[start + x] = across[i]!;
    }
  }
  return result;
}

/** The smallest value within `radius` pixels each way of every pixel of h×w; windows end at the border. */
export function smallest(plane: Float32Array, size: Size, radius: number): Float32Array {
  return largest(
    plane.map((value) => -value),
    size,
    radius,
  ).map((value) => -value);
}
