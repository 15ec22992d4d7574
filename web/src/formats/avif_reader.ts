/** AVIF by libavif, with its 8, 10 or 12 bits; of a sequence the first frame. HEIC by the browser, where it can. */
import type { Samples } from "../pictures.ts";
import { browserRaster } from "./browser_reader.ts";
import { ascii } from "./bytes.ts";
import { broken } from "./damage.ts";
import { dpiOf } from "./exif.ts";
import { profileOfCodes } from "./icc.ts";
import { type Primary, primary } from "./iso_boxes.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { swapsSides } from "./orientation.ts";
import { type Decoded, imageOf } from "./raster.ts";
import { codec, type Source } from "./wasm.ts";

interface AvifDecoder {
  decode(
    bytes: Uint8Array,
    depth: number,
  ): { data: Uint8ClampedArray | Uint16Array; width: number; height: number } | null;
}

const DECODER: Source<AvifDecoder> = {
  name: "AVIF files",
  script: () => import("@jsquash/avif/codec/dec/avif_dec.js") as never,
  url: () => import("@jsquash/avif/codec/dec/avif_dec.wasm?url"),
};
const DISPLAY_P3 = [12, 13] as const;

export async function readAvif(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const about = primary(bytes);
  checkPicture("AVIF", about.width, about.height, limits);
  const decoder = await codec(DECODER);
  const decoded = decoder.decode(bytes, about.depth > 8 ? 16 : 8);
  if (!decoded) throw broken("AVIF", "its pixels make no sense");
  const samples: Samples =
    decoded.data instanceof Uint16Array ? decoded.data : new Uint8Array(decoded.data.buffer, decoded.data.byteOffset);
  // The decoder leaves the picture as it is stored, and the EXIF block's orientation does not count.
  const tags = { profile: profileOf(about), exif: about.exif, orientation: about.orientation };
  const size = [decoded.height, decoded.width] as const;
  const image = imageOf({ size, samples, channels: 4, is_opaque: isOpaque(samples), tags });
  return { image, notes: ascii(bytes, 8, 4) === "avis" ? ["This AVIF is an animation; its first frame is used."] : [] };
}

export async function readHeic(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const about = primary(bytes);
  checkPicture("HEIC", about.width, about.height, limits);
  const isWide = profileOf(about) !== null;
  const raster = await browserRaster(bytes, "image/heic", isWide ? "display-p3" : "srgb");
  // The browser has turned the picture already; the resolution is that of the stored one.
  const dpi = dpiOf(about.exif);
  const tags = {
    profile: isWide ? profileOfCodes(...DISPLAY_P3) : null,
    dpi: dpi && swapsSides(about.orientation) ? ([dpi[1], dpi[0]] as const) : dpi,
    exif: about.exif,
    orientation: 1,
  };
  const image = imageOf({ ...raster, is_opaque: isOpaque(raster.samples), tags });
  return { image, notes: ["The browser has decoded this HEIC, at 8 bits a channel."] };
}

function profileOf(about: Primary): Uint8Array | null {
  return about.profile ?? (about.codes && profileOfCodes(about.codes[0], about.codes[1]));
}

/** No pixel shows what is behind it: decoders give four channels whether the file has alpha or not. */
function isOpaque(samples: Samples): boolean {
  const top = samples instanceof Uint16Array ? 65535 : 255;
  for (let i = 3; i < samples.length; i += 4) if (samples[i] !== top) return false;
  return true;
}
