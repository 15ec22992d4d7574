/** Matte → Cutout: the subject's own colours. */
import { estimateForeground } from "../kernels/foreground.ts";
import { type Numbers, one } from "../kernels/rows.ts";
import { grown } from "../kernels/windows.ts";
import type { Options } from "../options.ts";
import type { Box, Cutout, Image, Matte, Samples, Size } from "../pictures.ts";

type Wanted = Pick<Options, "decontaminate">;

/**
 * Pixels around a box that its colours depend on: with so many on each side (or the photo's own end) they are within one
 * level of what the whole photo gives, except where softness itself is as wide.
 */
export const COLOURS_MARGIN_PX = 256;
/** Boxes begin at whole cells of this size, as the pyramid's lower levels do. */
const GRID_PX = 64;

/**
 * The subject on nothing: straight alpha, its own colours, zero where alpha is zero.
 *
 * Pixels with alpha 1 keep the photo's colour to the bit. At soft pixels the old background is bled out, to the share of
 * `decontaminate` in 100: 0 leaves the photo's colours. A photo that brought alpha is already the colour of what shows
 * there; only the network's share of the matte counts as a mixture. Colours are in 16 bits where `isDeep` asks for it,
 * as one does who resizes or mixes them again, else in the photo's.
 */
export function foreground(image: Image, matte: Matte, options: Wanted, isDeep = false): Cutout {
  const deep = isDeep || image.rgb instanceof Uint16Array;
  const rgb = deep ? new Uint16Array(image.rgb.length) : new Uint8Array(image.rgb.length);
  writeForeground(image, matte.alpha, options.decontaminate, rgb);
  return { size: image.size, rgb, alpha: matte.alpha, shadow: null, metadata: image.metadata };
}

/**
 * The subject's own colours in `box`, 8 bits, h×w×3: those of the whole photo, except near sides of the box that are not
 * the photo's. `alpha` is the matte inside `box`, h×w. Take a box from `boxForColours` to have all that count.
 */
export function foregroundIn(image: Image, alpha: Float32Array, box: Box, decontaminate: number): Uint8Array {
  const size: Size = [box[2] - box[0], box[3] - box[1]];
  const part = {
    size,
    rgb: cutNumbers(image.rgb, image.size[1], box, 3),
    alpha: image.alpha && cutNumbers(image.alpha, image.size[1], box, 1),
  };
  const rgb = new Uint8Array(3 * size[0] * size[1]);
  writeForeground(part, alpha, decontaminate, rgb);
  return rgb;
}

/** The box that `foregroundIn` needs, so that its colours are right in `wanted`. */
export function boxForColours(wanted: Box, size: Size): Box {
  const [top, left, bottom, right] = grown(wanted, COLOURS_MARGIN_PX, size);
  return [top - (top % GRID_PX), left - (left % GRID_PX), bottom, right];
}

function writeForeground(
  image: { readonly size: Size; readonly rgb: Numbers; readonly alpha: Numbers | null },
  alpha: Float32Array,
  decontaminate: number,
  result: Numbers,
): void {
  const { rgb, size } = image;
  const share = image.alpha === null ? alpha : shareOf(alpha, image.alpha);
  estimateForeground(rgb, share, image.alpha, size, result, decontaminate / 100);
}

/** The network's share of a matte in a photo that is transparent itself. */
function shareOf(alpha: Float32Array, own: Numbers): Float32Array {
  const most = one(own);
  return alpha.map((value, i) => (own[i]! > 0 ? Math.min(1, (value * most) / own[i]!) : 0));
}

function cutNumbers<T extends Samples>(numbers: T, width: number, box: Box, channels: number): T {
  const length = (box[3] - box[1]) * channels;
  const result = numbers.slice(0, (box[2] - box[0]) * length) as T;
  for (let y = box[0], i = 0; y < box[2]; y++, i += length) {
    const from = (y * width + box[1]) * channels;
    result.set(numbers.subarray(from, from + length), i);
  }
  return result;
}
