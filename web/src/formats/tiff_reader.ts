/** TIFF, by the browser where it can: few do. */
import { browserRaster } from "./browser_reader.ts";
import { broken } from "./damage.ts";
import { numberOf, readDirectory, readHeader } from "./ifd.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { type Decoded, imageOf } from "./raster.ts";

const [WIDTH, LENGTH] = [256, 257];

export async function readTiff(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const header = readHeader(bytes);
  const tags = header && readDirectory(bytes, header.order, header.first);
  if (!header || !tags) throw broken("TIFF", "its first directory is missing");
  const [width, height] = [WIDTH, LENGTH].map((tag) => numberOf(tags.get(tag!), header.order) ?? 0);
  checkPicture("TIFF", width!, height!, limits);
  const raster = await browserRaster(bytes, "image/tiff");
  const image = imageOf({ ...raster, tags: { orientation: 1 } });
  return { image, notes: ["The browser has decoded this TIFF, at 8 bits a channel and in sRGB."] };
}
