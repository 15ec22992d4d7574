/**
 * Pictures that nothing else here can read, through the browser's own decoder and a canvas: the one way in that goes
 * over a canvas, which costs exactness where pixels are half transparent.
 */
import type { Raster } from "./raster.ts";
import { notHere } from "./sniff.ts";

/** The first frame, upright, at 8 bits, in sRGB or `space`. Throws FeathercutError("not-here") where the browser cannot. */
export async function browserRaster(
  bytes: Uint8Array,
  type: string,
  space: PredefinedColorSpace = "srgb",
): Promise<Omit<Raster, "tags">> {
  const kind = `a ${type.slice("image/".length).toUpperCase()} picture`;
  if (typeof createImageBitmap === "undefined" || typeof OffscreenCanvas === "undefined") throw notHere(kind);
  let bitmap: ImageBitmap;
  try {
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type });
    bitmap = await createImageBitmap(blob, { premultiplyAlpha: "none", imageOrientation: "from-image" });
  } catch (error) {
    throw Object.assign(notHere(kind), { cause: error });
  }
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", {
      colorSpace: space,
      willReadFrequently: true,
    });
    if (!context) throw new Error("Out of memory for a canvas");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height, { colorSpace: space });
    return { size: [height, width], samples: new Uint8Array(data.buffer), channels: 4 };
  } finally {
    bitmap.close();
  }
}
