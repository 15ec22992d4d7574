/** A picture that goes evenly from one colour to another; the twin of Python's `kernels/gradient.py`. */
import type { Size } from "../pictures.ts";
import { clamped } from "./rounding.ts";
import type { Rows } from "./rows.ts";

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

const LEAST = 1e-6;

/**
 * Straight RGBA that fills a picture from corner to corner, made as it is read. Angle 0 runs to the right, 90 down. Colours
 * are mixed by their alpha, so that one that fades out keeps its hue.
 */
export function gradient(size: Size, start: Rgba, end: Rgba, angle_deg: number): Rows {
  const radians = (angle_deg * Math.PI) / 180;
  const [across, down] = [Math.cos(radians), Math.sin(radians)];
  const [height, width] = size;
  const length = Math.abs(width * across) + Math.abs(height * down);
  return {
    size,
    channels: 4,
    read(row, left, right, into) {
      const y = row + 0.5 - height / 2;
      for (let column = left, i = 0; column < right; column++, i += 4) {
        const x = column + 0.5 - width / 2;
        const share = clamped((x * across + y * down) / length + 0.5, 0, 1);
        const alpha = start[3] + (end[3] - start[3]) * share;
        for (let c = 0; c < 3; c++) {
          const first = start[c]! * start[3];
          const last = end[c]! * end[3];
          into[i + c] = clamped((first + (last - first) * share) / Math.max(alpha, LEAST), 0, 1);
        }
        into[i + 3] = alpha;
      }
    },
  };
}
