/** JPEG: grey and RGB by MozJPEG; ink (CMYK) by the browser. Of an MPO (two views in one file) the first picture is read. */
import { FeathercutError } from "../errors.ts";
import { browserRaster } from "./browser_reader.ts";
import { cutShort } from "./damage.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { pick, walk } from "./orientation.ts";
import { type Decoded, imageOf } from "./raster.ts";
import { notHere, refusal } from "./sniff.ts";
import { codec, type Source } from "./wasm.ts";

interface JpegDecoder {
  decode(
    bytes: Uint8Array,
    preserveOrientation: boolean,
  ): { data: Uint8ClampedArray; width: number; height: number } | null;
}

const DECODER: Source<JpegDecoder> = {
  name: "JPEG files",
  script: () => import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js") as never,
  url: () => import("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url"),
};

export async function readJpeg(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const header = readJpegHeader(bytes);
  checkPicture("JPEG", header.width, header.height, limits);
  if (header.precision !== 8 || ![1, 3, 4].includes(header.components)) {
    throw refusal(`a JPEG with ${header.components} colours of ${header.precision} bits`);
  }
  if (header.components === 4) return inBrowser(bytes);
  const { profile, dpi, exif } = header;
  const said: string[] = [];
  const decoder = await codec(DECODER, (line) => said.push(line));
  let decoded: ReturnType<JpegDecoder["decode"]>;
  try {
    decoded = decoder.decode(header.essential, false);
  } catch (error) {
    // libjpeg leaves through exit(1) after it has printed why.
    throw new Error(said.at(-1) ?? String(error), { cause: error });
  }
  if (!decoded || said.some((line) => line.includes("Premature end"))) throw cutShort("JPEG");
  const samples = new Uint8Array(decoded.data.buffer, decoded.data.byteOffset, decoded.data.length);
  const size = [decoded.height, decoded.width] as const;
  const tags = { profile, dpi, exif };
  if (header.components === 3)
    return { image: imageOf({ size, samples, channels: 4, is_opaque: true, tags }), notes: [] };
  const grey = pick(samples, 4, 0, 1, walk(size, 1));
  return { image: imageOf({ size, samples: grey, channels: 1, tags }), notes: [] };
}

async function inBrowser(bytes: Uint8Array): Promise<Decoded> {
  const raster = await browserRaster(bytes, "image/jpeg").catch((error: unknown) => {
    if (error instanceof FeathercutError && error.code === "not-here") throw notHere("a JPEG in ink colours (CMYK)");
    throw error;
  });
  const { exif, dpi } = readJpegHeader(bytes);
  const image = imageOf({ ...raster, is_opaque: true, tags: { exif, dpi, orientation: 1 } });
  return { image, notes: ["This JPEG is in ink colours (CMYK); the browser has converted them to sRGB."] };
}
