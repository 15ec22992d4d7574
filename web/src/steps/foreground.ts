/** Matte → Cutout: the subject's own colours. */

import { cellsOf } from "../kernels/cells.ts";
import { estimateForeground } from "../kernels/foreground.ts";
import { ownColours } from "../kernels/glass.ts";
import { type Numbers, one } from "../kernels/rows.ts";
import { type Part, SURROUNDINGS_PX, Surroundings } from "../kernels/surroundings.ts";
import { grown } from "../kernels/windows.ts";
import type { Options } from "../options.ts";
import type { Box, Cutout, Image, Matte, Samples, Size } from "../pictures.ts";

type Wanted = Pick<Options, "decontaminate">;

/**
 * Pixels around a box that its colours depend on, besides the photo's `Surroundings`: rounds of smoothing at cells of 4 to
 * 32 pixels.
 */
export const COLOURS_MARGIN_PX = 192;

/**
 * The subject on nothing: straight alpha, its own colours, zero where alpha is zero.
 *
 * Pixels with alpha 1 keep the photo's colour to the bit. At soft pixels the old background is bled out, to the share of
 * `decontaminate` in 100: 0 leaves the photo's colours. A photo that brought alpha is already the colour of what shows
 * there; only the network's share of the matte counts as a mixture. Colours are in 16 bits where `isDeep` asks for it,
 * as one does who resizes or mixes them again, else in the photo's. Where a method knows them, they are taken as they are.
 */
export function foreground(image: Image, matte: Matte, options: Wanted, isDeep = false): Cutout {
  const deep = isDeep || image.rgb instanceof Uint16Array;
  const rgb = deep ? new Uint16Array(image.rgb.length) : new Uint8Array(image.rgb.length);
  if (matte.colours) writeKnown(image.rgb, matte.alpha, matte.colours, options.decontaminate, rgb);
  else writeForeground(image, matte.alpha, options.decontaminate, rgb);
  if (matte.through) {
    const all = { whole: image.size, top: 0, left: 0, size: image.size };
    ownColours(image.rgb, matte.alpha, all, matte.through, rgb, options.decontaminate / 100);
  }
  return { size: image.size, rgb, alpha: matte.alpha, shadow: null, metadata: image.metadata };
}

/**
 * The subject's own colours in `box`, 8 bits, h×w×3: those of the whole photo, except within `COLOURS_MARGIN_PX` of sides
 * of the box that are not the photo's own. Take a box from `boxForColours` to have all that count.
 *
 * `alpha` is the matte inside `box`, h×w. `surroundings` are those of the whole photo: make them once, from any matte that
 * is near; they learn what each box that is asked for changes.
 */
export function foregroundIn(
  image: Image,
  alpha: Float32Array,
  box: Box,
  decontaminate: number,
  surroundings: Surroundings,
  { through, colours }: Pick<Matte, "through" | "colours"> = {},
): Uint8Array {
  const [top, left] = box;
  const size: Size = [box[2] - top, box[3] - left];
  const cut = {
    size,
    rgb: cutNumbers(image.rgb, image.size[1], box, 3),
    alpha: image.alpha && cutNumbers(image.alpha, image.size[1], box, 1),
  };
  const rgb = new Uint8Array(3 * size[0] * size[1]);
  if (colours) {
    writeKnown(cut.rgb, alpha, cutNumbers(colours, image.size[1], box, 3), decontaminate, rgb);
    return rgb;
  }
  writeForeground(cut, alpha, decontaminate, rgb, { top, left, surroundings });
  if (through) {
    ownColours(cut.rgb, alpha, { whole: image.size, top, left, size }, through, rgb, decontaminate / 100);
  }
  return rgb;
}

/** What the colours of any part of a photo depend on beyond it, for `foregroundIn`. */
export function surroundingsOf(image: Image, { alpha }: Matte): Surroundings {
  const share = image.alpha === null ? alpha : shareOf(alpha, image.alpha);
  return new Surroundings(image.size, cellsOf(image.rgb, share, image.alpha, image.size).level);
}

/** The box that `foregroundIn` needs, so that its colours are right in `wanted`: whole cells of the photo's grid. */
export function boxForColours(wanted: Box, size: Size): Box {
  const [top, left, bottom, right] = grown(wanted, COLOURS_MARGIN_PX, size);
  const up = (px: number, most: number): number => Math.min(most, Math.ceil(px / SURROUNDINGS_PX) * SURROUNDINGS_PX);
  return [top - (top % SURROUNDINGS_PX), left - (left % SURROUNDINGS_PX), up(bottom, size[0]), up(right, size[1])];
}

function writeForeground(
  image: { readonly size: Size; readonly rgb: Numbers; readonly alpha: Numbers | null },
  alpha: Float32Array,
  decontaminate: number,
  result: Numbers,
  part: Part | null = null,
): void {
  const { rgb, size } = image;
  const share = image.alpha === null ? alpha : shareOf(alpha, image.alpha);
  estimateForeground(rgb, share, image.alpha, size, result, decontaminate / 100, part);
}

/** Writes colours that are known, mixed with the photo's at soft pixels where not all of the backdrop is to go. */
function writeKnown(
  photo: Numbers,
  alpha: Float32Array,
  colours: Uint16Array,
  decontaminate: number,
  result: Numbers,
): void {
  const [inverse, most, strength] = [1 / one(photo), one(result), decontaminate / 100];
  for (let i = 0, at = 0; i < alpha.length; i++) {
    if (alpha[i] === 0) {
      at += 3;
      continue;
    }
    const share = strength === 0 ? 0 : alpha[i]! < 1 ? strength : 1;
    for (const end = at + 3; at < end; at++) {
      const kept = photo[at]! * inverse;
      result[at] = (kept + share * (colours[at]! / 65535 - kept)) * most + 0.5;
    }
  }
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
