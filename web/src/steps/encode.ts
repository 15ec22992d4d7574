/** Image → bytes: the result in the format and company of metadata that were asked for. Twin of Python's `encode.py`. */
import { FeathercutError } from "../errors.ts";
import { writeAvif } from "../formats/avif_writer.ts";
import { atEightBits, type Still } from "../formats/content.ts";
import { cleaned, withoutPlace } from "../formats/exif.ts";
import { writeJpeg } from "../formats/jpeg_writer.ts";
import { type LayerSources, layersOf } from "../formats/layers.ts";
import { writeOra } from "../formats/ora_writer.ts";
import { writePng } from "../formats/png_writer.ts";
import { writePsd } from "../formats/psd_writer.ts";
import { writeWebp } from "../formats/webp_writer.ts";
import { zip } from "../formats/zip.ts";
import { type Image, type Metadata, type Samples, white } from "../pictures.ts";
import type { ExportFormat } from "../session.ts";

export type StillFormat = Extract<ExportFormat, "png" | "webp" | "jpeg" | "avif" | "matte">;
export type LayeredFormat = Exclude<ExportFormat, StillFormat>;

/** As Python's options of these names. */
export interface EncodeOptions {
  /** 1 to 100, for JPEG, WebP and AVIF; 100 is lossless WebP. */
  readonly file_quality: number;
  readonly keep_exif: boolean;
  readonly keep_gps: boolean;
}

export const ENCODE: EncodeOptions = { file_quality: 90, keep_exif: false, keep_gps: false };

interface Row {
  readonly type: string;
  readonly ending: string;
}

export const FORMATS: Readonly<Record<ExportFormat, Row>> = {
  png: { type: "image/png", ending: "png" },
  webp: { type: "image/webp", ending: "webp" },
  jpeg: { type: "image/jpeg", ending: "jpg" },
  avif: { type: "image/avif", ending: "avif" },
  matte: { type: "image/png", ending: "png" },
  psd: { type: "image/vnd.adobe.photoshop", ending: "psd" },
  ora: { type: "image/openraster", ending: "ora" },
  "zip-layers": { type: "application/zip", ending: "zip" },
};

/**
 * The file. A picture whose `alpha` is null is written without alpha, any other with it; RGB is zero where alpha is zero, and
 * the photo's bits elsewhere in PNG and lossless WebP. 16 bits stay 16 bits in PNG (and its matte), others have 8.
 *
 * Throws FeathercutError "option" for what the format does not hold, "output" where its encoder gives up, "offline" where
 * it cannot be fetched.
 */
export async function encode(
  image: Image,
  format: StillFormat,
  options: EncodeOptions = ENCODE,
): Promise<Uint8Array<ArrayBuffer>> {
  const { file_quality: quality } = options;
  if (!(quality >= 1 && quality <= 100)) {
    throw new FeathercutError("option", `Option \`file_quality\` must be 1 to 100, got ${quality}`);
  }
  const still = stillOf(image, options);
  switch (format) {
    case "png":
      return writePng(still);
    case "matte":
      return writePng({ ...still, rgb: null, alpha: image.alpha ?? opaque(image.rgb), profile: null });
    case "webp":
      return writeWebp(still, quality);
    case "avif":
      return writeAvif(still, quality);
    case "jpeg":
      return writeJpeg(withoutAlpha(still), quality);
  }
}

/**
 * A cutout in layers: a PSD, an OpenRaster, or a ZIP of `color.jpg` and `alpha.png` (as remove.bg's), with `shadow.png` and
 * `reflection.png` where there are such. Throws as `encode`.
 */
export async function encodeLayers(
  sources: LayerSources,
  format: LayeredFormat,
  options: EncodeOptions = ENCODE,
): Promise<Blob> {
  const layered = layersOf(sources);
  if (format === "psd") return writePsd(layered);
  if (format === "ora") return writeOra(layered);
  const { size, metadata } = sources.cutout;
  const subject = layered.layers.at(-1)!;
  const colours = stillOf({ size, rgb: subject.rgb!, alpha: null, metadata }, options);
  const matte = { ...colours, rgb: null, alpha: subject.mask, profile: null };
  const files = [
    { name: "color.jpg", content: await writeJpeg(colours, options.file_quality) },
    { name: "alpha.png", content: await writePng(matte) },
  ];
  for (const { name, rgb, alpha } of layered.layers) {
    if (!alpha) continue; // the subject is there, and what is behind it is no part of it
    const own = { ...colours, rgb: rgb ?? new Uint8Array(3 * alpha.length), alpha };
    files.push({ name: `${name.toLowerCase()}.png`, content: await writePng(own) });
  }
  return zip(files);
}

function stillOf({ size, rgb, alpha, metadata }: Image, options: EncodeOptions): Still {
  return { size, rgb, alpha, profile: metadata.profile, dpi: metadata.dpi, exif: exifBy(metadata, options) };
}

/** What of the EXIF block goes along: nothing, unless it was asked for; its place only by a word of its own. */
function exifBy({ exif }: Metadata, { keep_exif, keep_gps }: EncodeOptions): Uint8Array | null {
  if (!keep_exif) return null;
  return keep_gps ? cleaned(exif) : withoutPlace(exif);
}

function withoutAlpha(still: Still): Still {
  const { alpha } = still;
  const top = alpha && white(alpha);
  if (alpha?.some((level: number) => level !== top)) {
    throw new FeathercutError("option", "JPEG has no transparency; choose a background, as white, or write PNG");
  }
  return atEightBits({ ...still, alpha: null });
}

function opaque(rgb: Samples): Samples {
  const count = rgb.length / 3;
  return rgb instanceof Uint16Array ? new Uint16Array(count).fill(65535) : new Uint8Array(count).fill(255);
}
