/** OpenRaster: a ZIP of PNG layers and an XML that stacks them (freedesktop.org, "OpenRaster 0.0.3"). */
import type { Samples, Size } from "../pictures.ts";
import { latin1 } from "./bytes.ts";
import { eightBits, type Still } from "./content.ts";
import type { Layer, Layered } from "./layers.ts";
import { writePng } from "./png_writer.ts";
import { archive, type Entry } from "./zip.ts";

const TYPE = "image/openraster";
const THUMBNAIL_PX = 256;

/** The file. The format has no masks, so the subject's layer has its matte as alpha. */
export function writeOra(layered: Layered): Promise<Blob> {
  return archive(entries(layered), TYPE);
}

async function* entries(layered: Layered): AsyncGenerator<Entry> {
  const { size, layers, merged } = layered;
  // The first, and not packed: a reader tells the format by these bytes.
  yield { name: "mimetype", content: latin1(TYPE) };
  yield { name: "stack.xml", content: new TextEncoder().encode(stack(layered)) };
  for (const [place, layer] of layers.entries()) {
    yield { name: `data/layer${place}.png`, content: await writePng(stillOf(layered, size, layer)) };
  }
  const whole = { rgb: eightBits(merged.rgb), alpha: merged.alpha && eightBits(merged.alpha) };
  yield { name: "mergedimage.png", content: await writePng(stillOf(layered, size, whole)) };
  const [small, smallSize] = reduced(whole, size);
  yield { name: "Thumbnails/thumbnail.png", content: await writePng(stillOf(layered, smallSize, small)) };
}

/** Layers stand from the highest to the lowest. */
function stack({ size, layers, metadata }: Layered): string {
  const resolution = metadata.dpi ? ` xres="${Math.round(metadata.dpi[0])}" yres="${Math.round(metadata.dpi[1])}"` : "";
  const rows = layers.map(
    ({ name }, place) =>
      `  <layer name="${name}" src="data/layer${place}.png" x="0" y="0" opacity="1.0" visibility="visible" composite-op="svg:src-over"/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<image version="0.0.3" w="${size[1]}" h="${size[0]}"${resolution}><stack>`,
    ...rows.reverse(),
    "</stack></image>",
    "",
  ].join("\n");
}

interface Colours {
  readonly rgb: Uint8Array | null;
  readonly alpha: Uint8Array | null;
}

function stillOf({ metadata }: Layered, size: Size, { rgb, alpha, ...more }: Colours | Layer): Still {
  const mask = "mask" in more ? more.mask : null;
  const black = (): Samples => new Uint8Array(size[0] * size[1] * 3);
  return { size, rgb: rgb ?? black(), alpha: mask ?? alpha, profile: metadata.profile, dpi: metadata.dpi, exif: null };
}

/** The picture at 256 pixels at most, each the mean of those below it, weighed by their alpha. */
function reduced(
  { rgb, alpha }: { rgb: Uint8Array; alpha: Uint8Array | null },
  [height, width]: Size,
): [Colours, Size] {
  const step = Math.max(1, Math.max(height, width) / THUMBNAIL_PX);
  const size: Size = [Math.max(1, Math.floor(height / step)), Math.max(1, Math.floor(width / step))];
  const out = { rgb: new Uint8Array(size[0] * size[1] * 3), alpha: alpha && new Uint8Array(size[0] * size[1]) };
  const edge = (place: number, count: number, length: number): number => Math.floor((place * length) / count);
  for (let y = 0, i = 0; y < size[0]; y++) {
    for (let x = 0; x < size[1]; x++, i++) {
      const sums = [0, 0, 0, 0, 0] as [number, number, number, number, number];
      for (
        let v = edge(y, size[0], height);
        v < Math.max(edge(y + 1, size[0], height), edge(y, size[0], height) + 1);
        v++
      ) {
        for (
          let u = edge(x, size[1], width);
          u < Math.max(edge(x + 1, size[1], width), edge(x, size[1], width) + 1);
          u++
        ) {
          const at = v * width + u;
          const opacity = alpha ? alpha[at]! : 255;
          for (let c = 0; c < 3; c++) sums[c]! += rgb[3 * at + c]! * opacity;
          sums[3] += opacity;
          sums[4] += 1;
        }
      }
      for (let c = 0; c < 3; c++) out.rgb[3 * i + c] = sums[3] ? sums[c]! / sums[3] + 0.5 : 0;
      if (out.alpha) out.alpha[i] = sums[3] / sums[4] + 0.5;
    }
  }
  return [out, size];
}
