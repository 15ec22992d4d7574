/** Soft pictures behind the subject, computed small and shown large: gradient, blur, picture, shadow. */
import { softenEdge } from "../../kernels/edges.ts";
import { gradient } from "../../kernels/gradient.ts";
import { reflection } from "../../kernels/reflection.ts";
import { type Rows, rowsOf } from "../../kernels/rows.ts";
import type { Size } from "../../pictures.ts";
import { drawnShadow } from "../../steps/shade.ts";
import type { Background, Shadow } from "../recipe.ts";
import { colourOf, premultiplied, word } from "./pixels.ts";
import { Pyramid } from "./pyramid.ts";
import type { VisibleMatte } from "./visible.ts";

/** A picture of which a pixel covers `stretch` px of the photo. */
export interface Layer {
  readonly pyramid: Pyramid;
  readonly stretch: number;
}

export interface Words {
  readonly size: Size;
  readonly words: Uint32Array;
}

/** Reads a picture's file (base64), covering `size`; the browser's own decoder. */
export type Decode = (base64: string, size: Size) => Promise<Words>;

/** The longest side of a layer. */
const LONGEST = 768;

/** How much a layer of a photo of `size` is reduced: a power of two. */
export function levelOfLayers(size: Size): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(...size) / LONGEST)));
}

function layerOf({ size, words }: Words, stretch: number): Layer {
  const rows = (y: number, from: number, to: number, out: Uint32Array): void =>
    out.set(words.subarray(y * size[1] + from, y * size[1] + to));
  return { pyramid: new Pyramid(size, rows), stretch };
}

/** The layer of a background that is not plain, or null. */
export async function backgroundLayer(background: Background, photo: Pyramid, decode: Decode): Promise<Layer | null> {
  const level = levelOfLayers(photo.size);
  const size = photo.sizeAt(level);
  const stretch = 2 ** level;
  if (background.kind === "gradient") return layerOf({ size, words: gradientWords(size, background) }, stretch);
  if (background.kind === "picture") return layerOf(await decode(background.bytes, size), stretch);
  if (background.kind !== "blur") return null;
  const words = wordsOf(photo, level);
  return layerOf({ size, words: blurredWords(words, size, background.radius_px / stretch) }, stretch);
}

/** The shadow that the recipe draws, computed from what is seen of the matte. */
export function shadowLayer(shadow: Shadow, visible: VisibleMatte): Layer | null {
  if (shadow.kind === "none" || shadow.kind === "keep") return null;
  const { size, stretch, places } = reduced(visible.size);
  const small = Float32Array.from(places, (place) => visible.values[place]! / 255);
  return shadowOf(drawnShadow(small, size, 1 / stretch, shadow)!, size, stretch);
}

/** What is seen of the subject, mirrored below itself. */
export function reflectionLayer(opacity: number, visible: VisibleMatte, rgb: Uint8Array): Layer | null {
  const { size, stretch, places } = reduced(visible.size);
  const pixels = new Float32Array(4 * places.length);
  places.forEach((place, i) => {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = rgb[3 * place + c]! / 255;
    pixels[4 * i + 3] = visible.values[place]! / 255;
  });
  const mirrored = reflection(rowsOf(pixels, size, 4), opacity);
  return mirrored && layerOf({ size, words: premultipliedWords(mirrored) }, stretch);
}

/** The size of a photo's layers, how much larger the photo is, and the pixels of it that stand for a layer's. */
function reduced(whole: Size): { size: Size; stretch: number; places: Int32Array } {
  const stretch = 2 ** levelOfLayers(whole);
  const size: Size = [Math.ceil(whole[0] / stretch), Math.ceil(whole[1] / stretch)];
  const at = (cell: number, most: number): number => Math.min(most - 1, cell * stretch + (stretch >> 1));
  const places = Int32Array.from({ length: size[0] * size[1] }, (_, i) => {
    return at(Math.floor(i / size[1]), whole[0]) * whole[1] + at(i % size[1], whole[1]);
  });
  return { size, stretch, places };
}

/** Black of that alpha, h×w. */
export function shadowOf(alpha: Float32Array, size: Size, stretch: number): Layer {
  return layerOf({ size, words: Uint32Array.from(alpha, (value) => word(0, 0, 0, Math.round(value * 255))) }, stretch);
}

function gradientWords(size: Size, { from, to, angle_deg }: Extract<Background, { kind: "gradient" }>): Uint32Array {
  return premultipliedWords(gradient(size, colourOf(from), colourOf(to), angle_deg));
}

/** Straight RGBA as the words of a layer. */
function premultipliedWords(rows: Rows): Uint32Array {
  const { size } = rows;
  const values = new Float32Array(4 * size[1]);
  const words = new Uint32Array(size[0] * size[1]);
  const level = (at: number): number => Math.round(values[at]! * 255);
  for (let y = 0, i = 0; y < size[0]; y++) {
    rows.read(y, 0, size[1], values);
    for (let x = 0; x < values.length; x += 4) {
      words[i++] = premultiplied(level(x), level(x + 1), level(x + 2), level(x + 3));
    }
  }
  return words;
}

function wordsOf(pyramid: Pyramid, level: number): Words["words"] {
  const size = pyramid.sizeAt(level);
  pyramid.prepare(level, [0, 0, ...size], () => false);
  const words = new Uint32Array(size[0] * size[1]);
  for (let y = 0; y < size[0]; y++) pyramid.readRow(level, y, 0, size[1], words.subarray(y * size[1]));
  return words;
}

function blurredWords(words: Uint32Array, size: Size, radius: number): Uint32Array {
  if (radius < 0.3) return words.map((pixel) => (pixel | 0xff000000) >>> 0);
  const planes = [0, 8, 16].map((shift) =>
    softenEdge(
      Float32Array.from(words, (pixel) => ((pixel >>> shift) & 255) / 255),
      size,
      radius,
    ),
  );
  const part = (plane: number, i: number): number => Math.round(planes[plane]![i]! * 255);
  return words.map((_, i) => word(part(0, i), part(1, i), part(2, i)));
}
