/** bytes → Image: whatever a photo comes as, upright, in the integers of its file. Twin of Python's `decode.py`. */
import { FeathercutError } from "../errors.ts";
import { readAvif, readHeic } from "../formats/avif_reader.ts";
import { readBmp } from "../formats/bmp_reader.ts";
import { asDamage } from "../formats/damage.ts";
import { readGif } from "../formats/gif_reader.ts";
import { readJpeg } from "../formats/jpeg_reader.ts";
import { checkBytes, LIMITS, type Limits } from "../formats/limits.ts";
import { readPng } from "../formats/png_reader.ts";
import type { Decoded } from "../formats/raster.ts";
import { type Kind, sniff } from "../formats/sniff.ts";
import { readTiff } from "../formats/tiff_reader.ts";
import { readWebp } from "../formats/webp_reader.ts";
import { profileKind } from "../kernels/colour.ts";

type Reader = (bytes: Uint8Array, limits: Limits) => Promise<Decoded>;

// The name that messages use, and the reader.
const READERS: Readonly<Record<Kind, readonly [string, Reader]>> = {
  jpeg: ["JPEG", readJpeg],
  png: ["PNG", readPng],
  webp: ["WebP", readWebp],
  avif: ["AVIF", readAvif],
  heic: ["HEIC", readHeic],
  tiff: ["TIFF", readTiff],
  bmp: ["BMP", readBmp],
  gif: ["GIF", readGif],
};

/**
 * The picture in a file, of an animation its first frame. RGB keeps the file's own encoding, with its ICC profile in
 * `metadata.profile`; grey and ink that have another come as sRGB. A broken profile counts as sRGB.
 *
 * Throws FeathercutError "not-a-picture", "damaged-picture" or "too-large", which names the file; the kind is told by
 * the bytes, and sizes are checked before pixels are unpacked. "offline" where a codec cannot be fetched.
 */
export async function decode(bytes: Uint8Array, name: string, limits: Limits = LIMITS): Promise<Decoded> {
  try {
    checkBytes(bytes.length, limits);
    const [kind, read] = READERS[sniff(bytes)];
    const decoded = await read(bytes, limits).catch((error: unknown) => {
      throw asDamage(error, kind);
    });
    return profileKind(decoded.image.metadata.profile) === "unknown" ? withNote(decoded) : decoded;
  } catch (error) {
    if (!(error instanceof FeathercutError)) throw error;
    throw new FeathercutError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

/** A profile that is not understood is kept. */
function withNote({ image, notes }: Decoded): Decoded {
  const note = "This photo's colour profile cannot be read here: it is shown as sRGB, and saved with its own colours.";
  return { image, notes: [...notes, note] };
}
