/** WebP, by libwebp. Of an animation the first frame is read. */
import { little } from "./bytes.ts";
import { broken, cutShort } from "./damage.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { type Decoded, imageOf } from "./raster.ts";
import { riffChunk, riffChunks, webpOf } from "./riff.ts";
import { codec, type Source } from "./wasm.ts";

interface WebpDecoder {
  decode(bytes: Uint8Array): { data: Uint8ClampedArray; width: number; height: number } | null;
}

type Parts = (readonly [name: string, content: Uint8Array])[];

const DECODER: Source<WebpDecoder> = {
  name: "WebP files",
  script: () => import("@jsquash/webp/codec/dec/webp_dec.js") as never,
  url: () => import("@jsquash/webp/codec/dec/webp_dec.wasm?url"),
};
const PIXELS = ["ALPH", "VP8 ", "VP8L"];
const HAS_ALPHA = 0x10;

export async function readWebp(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const length = 8 + little(bytes, 4, 4);
  if (length > bytes.length) throw cutShort("WebP");
  const parts: Parts = [...riffChunks(bytes.subarray(0, length))];
  const named = new Map(parts);
  const [width, height] = sizeOf(named);
  checkPicture("WebP", width, height, limits);
  const frames = parts.filter(([name]) => name === "ANMF");
  const frame = frames[0]?.[1];
  const still = frame ? [...riffChunks(frame, 16)] : parts;
  const { data, size } = await decodeStill(still.filter(([name]) => PIXELS.includes(name)));
  const place = frame ? ([little(frame, 0, 3) * 2, little(frame, 3, 3) * 2] as const) : null;
  const samples = place ? onCanvas(data, size, place, [height, width]) : data;
  const tags = { profile: named.get("ICCP") ?? null, exif: named.get("EXIF") ?? null };
  const isOpaque = !(frame ? (named.get("VP8X")?.[0] ?? 0) & HAS_ALPHA : hasAlpha(still, named));
  const image = imageOf({ size: [height, width], samples, channels: 4, is_opaque: isOpaque, tags });
  const note = `This WebP is an animation of ${frames.length} frames; the first one is used.`;
  return { image, notes: frames.length > 1 ? [note] : [] };
}

/** (width, height), from whichever of the three kinds of header there is. */
function sizeOf(parts: ReadonlyMap<string, Uint8Array>): readonly [number, number] {
  const canvas = parts.get("VP8X");
  if (canvas && canvas.length >= 10) return [1 + little(canvas, 4, 3), 1 + little(canvas, 7, 3)];
  const lossless = parts.get("VP8L");
  if (lossless && lossless.length >= 5) {
    const bits = little(lossless, 1, 4);
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  }
  const lossy = parts.get("VP8 ");
  if (lossy && lossy.length >= 10) return [little(lossy, 6, 2) & 0x3fff, little(lossy, 8, 2) & 0x3fff];
  throw broken("WebP", "it has no header");
}

function hasAlpha(still: Parts, named: ReadonlyMap<string, Uint8Array>): boolean {
  const lossless = new Map(still).get("VP8L");
  if (lossless) return (little(lossless, 1, 4) & 0x10000000) !== 0;
  return named.has("ALPH") && ((named.get("VP8X")?.[0] ?? 0) & HAS_ALPHA) !== 0;
}

/** Only what the pixels need is handed on to the decoder, in a file of its own. */
async function decodeStill(pixels: Parts): Promise<{ data: Uint8Array; size: readonly [number, number] }> {
  const [width, height] = sizeOf(new Map(pixels));
  const side = (value: number): number[] => [(value - 1) & 255, ((value - 1) >> 8) & 255, (value - 1) >> 16];
  const isSplit = pixels.some(([name]) => name === "ALPH");
  const head = isSplit ? [riffChunk("VP8X", Uint8Array.of(HAS_ALPHA, 0, 0, 0, ...side(width), ...side(height)))] : [];
  const decoder = await codec(DECODER);
  const decoded = decoder.decode(webpOf([...head, ...pixels.map(([name, content]) => riffChunk(name, content))]));
  if (!decoded || decoded.width !== width || decoded.height !== height)
    throw broken("WebP", "its pixels make no sense");
  const data = new Uint8Array(decoded.data.buffer, decoded.data.byteOffset, decoded.data.length);
  return { data, size: [height, width] };
}

/** A frame's RGBA at its place, clear around it. */
function onCanvas(
  frame: Uint8Array,
  [height, width]: readonly [number, number],
  [left, top]: readonly [number, number],
  canvas: readonly [number, number],
): Uint8Array {
  if (left + width > canvas[1] || top + height > canvas[0]) throw broken("WebP", "a frame lies outside the canvas");
  if (height === canvas[0] && width === canvas[1]) return frame;
  const out = new Uint8Array(canvas[0] * canvas[1] * 4);
  for (let y = 0; y < height; y++) {
    out.set(frame.subarray(y * width * 4, (y + 1) * width * 4), ((top + y) * canvas[1] + left) * 4);
  }
  return out;
}
