/** Which photos have few pixels. */
import type { Size } from "../pictures.ts";

/** Pixels of a photo; with as many or more the network sees enough of its edges. */
const FEW = 400 * 400;

/** Whether a photo of this size has so few pixels that its edges are solved for (`few_pixels.ts`). */
export function hasFew([height, width]: Size): boolean {
  return height * width < FEW;
}
