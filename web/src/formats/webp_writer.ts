/** WebP by libwebp; the container, with profile and EXIF, is written here. Quality 100 is lossless, as in Python. */
import { defaultOptions } from "@jsquash/webp/meta.js";
import { FeathercutError } from "../errors.ts";
import { concat, littleBytes } from "./bytes.ts";
import { channelsOf, rgbaOf, type Still } from "./content.ts";
import { withResolution } from "./exif.ts";
import { riffChunk, riffChunks, webpOf } from "./riff.ts";
import { codec, type Source } from "./wasm.ts";

interface WebpEncoder {
  encode(rgba: Uint8Array, width: number, height: number, options: typeof defaultOptions): Uint8Array | null;
}

const ENCODER: Source<WebpEncoder> = {
  name: "WebP files that are written",
  script: () => import("@jsquash/webp/codec/enc/webp_enc_simd.js") as never,
  url: () => import("@jsquash/webp/codec/enc/webp_enc_simd.wasm?url"),
};
const [HAS_PROFILE, HAS_ALPHA, HAS_EXIF] = [0x20, 0x10, 0x08];
const LARGEST_SIDE = 16383;

export async function writeWebp(still: Still, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  const [height, width] = still.size;
  if (Math.max(height, width) > LARGEST_SIDE) {
    throw new FeathercutError(
      "output",
      `A WebP has at most ${LARGEST_SIDE} pixels a side, and this picture is ${width}×${height}. Write PNG, or choose a smaller size`,
    );
  }
  const encoder = await codec(ENCODER);
  // Without `exact` libwebp writes colours of its own where nothing shows.
  const how = quality === 100 ? { lossless: 1, quality: 50 } : { quality };
  const packed = encoder.encode(rgbaOf(still), width, height, { ...defaultOptions, ...how, exact: 1 });
  if (!packed)
    throw new FeathercutError(
      "output",
      `The WebP of ${width}×${height} pixels could not be written: too little memory. Write PNG`,
    );
  return withAbout(packed, still);
}

function withAbout(packed: Uint8Array, still: Still): Uint8Array<ArrayBuffer> {
  const [height, width] = still.size;
  const exif = withResolution(still.exif, still.dpi);
  const pixels = [...riffChunks(packed)].filter(([name]) => ["ALPH", "VP8 ", "VP8L"].includes(name));
  const parts = pixels.map(([name, content]) => riffChunk(name, content));
  if (!still.profile && !exif && parts.length === 1) return webpOf(parts);
  const hasAlpha = channelsOf(still) === 4;
  const flags = (still.profile ? HAS_PROFILE : 0) | (hasAlpha ? HAS_ALPHA : 0) | (exif ? HAS_EXIF : 0);
  const canvas = concat([littleBytes(flags, 4), littleBytes(width - 1, 3), littleBytes(height - 1, 3)]);
  const head = [riffChunk("VP8X", canvas), ...(still.profile ? [riffChunk("ICCP", still.profile)] : [])];
  return webpOf([...head, ...parts, ...(exif ? [riffChunk("EXIF", exif)] : [])]);
}
