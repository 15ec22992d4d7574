/** JPEG by MozJPEG, with colours at full resolution: cutouts have hard edges. The parts about the photo are written here. */
import { big, bigBytes, concat, latin1 } from "./bytes.ts";
import { rgbaOf, type Still } from "./content.ts";
import { withResolution } from "./exif.ts";
import { codec, type Source } from "./wasm.ts";

interface JpegEncoder {
  encode(rgba: Uint8Array, width: number, height: number, options: typeof OPTIONS): Uint8Array;
}

const ENCODER: Source<JpegEncoder> = {
  name: "JPEG files that are written",
  script: () => import("@jsquash/jpeg/codec/enc/mozjpeg_enc.js") as never,
  url: () => import("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm?url"),
};
const [YCBCR, STANDARD_TABLES] = [3, 0];
const OPTIONS = {
  quality: 90,
  baseline: false,
  arithmetic: false,
  progressive: true,
  optimize_coding: true,
  smoothing: 0,
  color_space: YCBCR,
  // The standard's own, so that a quality means what it means in Python.
  quant_table: STANDARD_TABLES,
  trellis_multipass: false,
  trellis_opt_zero: false,
  trellis_opt_table: false,
  trellis_loops: 1,
  auto_subsample: false,
  chroma_subsample: 1,
  separate_chroma_quality: false,
  chroma_quality: 75,
};
const MOST_PROFILE = 65519; // bytes of a profile in one part

/** The file, for a picture without alpha. */
export async function writeJpeg(still: Still, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await codec(ENCODER);
  const [height, width] = still.size;
  const packed = encoder.encode(rgbaOf({ ...still, alpha: still.rgb ? null : still.alpha }), width, height, {
    ...OPTIONS,
    quality,
  });
  // SOI and the encoder's own APP0 give way to ours.
  const pixelsAt = packed[3] === 0xe0 ? 4 + big(packed, 4, 2) : 2;
  return concat([Uint8Array.of(0xff, 0xd8), ...about(still), packed.subarray(pixelsAt)]);
}

function about({ dpi, exif, profile }: Still): Uint8Array[] {
  const [x, y] = dpi ? [Math.round(dpi[0]), Math.round(dpi[1])] : [1, 1];
  const density = bigBytes([
    [0x0101, 2],
    [dpi ? 1 : 0, 1],
    [Math.min(x, 65535), 2],
    [Math.min(y, 65535), 2],
    [0, 2],
  ]);
  const parts = [part(0xe0, latin1("JFIF\0"), density)];
  if (exif) parts.push(part(0xe1, latin1("Exif\0\0"), withResolution(exif, dpi)!));
  const count = Math.ceil((profile?.length ?? 0) / MOST_PROFILE);
  for (let place = 0; place < count; place++) {
    const piece = profile!.subarray(place * MOST_PROFILE, (place + 1) * MOST_PROFILE);
    parts.push(part(0xe2, latin1("ICC_PROFILE\0"), Uint8Array.of(place + 1, count), piece));
  }
  return parts;
}

function part(marker: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, piece) => sum + piece.length, 2);
  return concat([Uint8Array.of(0xff, marker), bigBytes([[length, 2]]), ...content]);
}
