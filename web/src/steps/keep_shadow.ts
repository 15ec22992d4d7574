/** Matte → shadow: the photo's own, as a layer; of Python's `steps/shade.py` what needs the photo. */
import { gaussianBlur } from "../kernels/composite.ts";
import { keptShadow } from "../kernels/kept_shadow.ts";
import { gathered } from "../kernels/resample.ts";
import { one, rowsOf } from "../kernels/rows.ts";
import type { Options } from "../options.ts";
import type { Image, Matte, Size } from "../pictures.ts";

type Wanted = Pick<Options, "shadow" | "shadow_softness" | "shadow_opacity">;

/**
 * The photo's own shadow, H×W, where it is to be kept: the alpha of black on the ground; else null.
 *
 * It is taken in the photo's own encoding, in which it is put on the new background, too.
 */
export function keepShadow(photo: Image, { alpha, size }: Matte, options: Wanted): Float32Array | null {
  if (options.shadow !== "keep") return null;
  const layer = softened(keptShadow(photo.rgb, alpha, size), size, options.shadow_softness ?? 0);
  const most = photo.alpha ? one(photo.alpha) : 1;
  const opacity = (options.shadow_opacity ?? 100) / 100;
  return layer.map((value, i) => value * (photo.alpha ? photo.alpha[i]! / most : 1) * opacity);
}

/** A layer, h×w, blurred. */
export function softened(layer: Float32Array, size: Size, softness_px: number): Float32Array {
  return softness_px > 0 ? gathered(gaussianBlur(rowsOf(layer, size, 1), softness_px)) : layer;
}
