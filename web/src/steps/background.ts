/** What is behind the subject, as straight RGBA of the canvas's size, made as it is read. Serves `compose.ts`. */
import { fromSrgb } from "../kernels/colour.ts";
import { bound, gaussianBlur, premultiply, resizedStraight } from "../kernels/composite.ts";
import { resizedRows } from "../kernels/resample.ts";
import { roundEven } from "../kernels/rounding.ts";
import { changed, type Numbers, type Rows, readNumbers, windowOf } from "../kernels/rows.ts";
import type { Box, Image, Metadata, Size } from "../pictures.ts";
import type { Colour } from "../values.ts";
import type { Layout } from "./arrange.ts";

/** What rounding leaves of white and black in another encoding. */
const ROUNDING = 1e-4;
/** Of the longer side: a photo blurred by this has no edge left in which one would see the subject again. */
const BEYOND_RECOGNITION = 0.15;

/** What is behind the subject; colours are sRGB. `paint` draws straight RGBA of a canvas's size. */
export type Behind =
  | { readonly kind: "colour"; readonly colour: Colour }
  | { readonly kind: "blur"; readonly radius_px: number | null }
  | { readonly kind: "picture"; readonly picture: Image }
  | { readonly kind: "paint"; readonly paint: (canvas: Size) => Rows };

/** Colours and alpha (null: opaque) as straight RGBA. */
export function layerOf(rgb: Numbers, alpha: Numbers | null, size: Size): Rows {
  const colours = new Float32Array(3 * size[1]);
  const shown = new Float32Array(size[1]).fill(1);
  return {
    size,
    channels: 4,
    read(y, left, right, into) {
      const [start, count] = [y * size[1] + left, right - left];
      readNumbers(rgb, 3 * start, 3 * count, colours);
      if (alpha) readNumbers(alpha, start, count, shown);
      for (let x = 0; x < count; x++) {
        into[4 * x] = colours[3 * x]!;
        into[4 * x + 1] = colours[3 * x + 1]!;
        into[4 * x + 2] = colours[3 * x + 2]!;
        into[4 * x + 3] = shown[x]!;
      }
    },
  };
}

/** What is behind the subject, on the canvas, encoded as the photo is. */
export function background(behind: Behind, photo: Image, layout: Layout): Rows {
  const { canvas } = layout;
  const encode = (rows: Rows): Rows => changed(rows, (values, count) => encodePixels(values, count, photo.metadata));
  switch (behind.kind) {
    case "colour":
      return plain(encoded(behind.colour, photo.metadata), canvas);
    case "blur":
      return blurred(photo, behind.radius_px ?? Math.max(...photo.size) / 50, layout);
    case "picture":
      return encode(cover(layerOf(behind.picture.rgb, behind.picture.alpha, behind.picture.size), canvas));
    case "paint":
      return encode(behind.paint(canvas));
  }
}

/** One straight RGBA colour all over. */
export function plain(colour: readonly number[], size: Size): Rows {
  return {
    size,
    channels: 4,
    read(_, left, right, into) {
      for (let i = 0; i < 4 * (right - left); i++) into[i] = colour[i % 4]!;
    },
  };
}

/** A colour as a profile encodes it; white stays white and black black to the bit. */
export function encoded(colour: Colour, metadata: Metadata): readonly number[] {
  const values = Float32Array.from(colour);
  encodePixels(values, 1, metadata);
  return Array.from(values, (value, c) =>
    c === 3 ? colour[3] : value > 1 - ROUNDING ? 1 : value < ROUNDING ? 0 : value,
  );
}

function encodePixels(values: Float32Array, count: number, { profile }: Metadata): void {
  if (profile === null) return;
  const rgb = new Float32Array(3 * count);
  for (let i = 0; i < 3 * count; i++) rgb[i] = values[Math.floor(i / 3) * 4 + (i % 3)]!;
  fromSrgb(rgb, profile);
  for (let i = 0; i < 3 * count; i++) values[Math.floor(i / 3) * 4 + (i % 3)] = rgb[i]!;
}

/**
 * The blurred photo; where it is transparent itself, what is hidden there does not come out.
 *
 * Where the canvas reaches beyond the photo, the photo covers it, at a scale that is not the subject's: it is then blurred
 * so much that nobody sees the subject twice.
 */
function blurred(photo: Image, radius: number, layout: Layout): Rows {
  const part = partBehind(photo.size, layout);
  const strength = part ? radius : Math.max(radius, BEYOND_RECOGNITION * Math.max(...photo.size));
  const layer = changed(layerOf(photo.rgb, photo.alpha, photo.size), premultiply);
  const soft = gaussianBlur(layer, strength);
  const behind = part
    ? resizedRows(windowOf(soft, part), layout.canvas, "bilinear")
    : boundRows(resizedRows(windowOf(soft, coveringWindow(photo.size, layout.canvas)), layout.canvas, "lanczos"));
  return changed(behind, (values, count) => {
    for (let i = 0; i < 4 * count; i += 4) {
      if (photo.alpha === null) values[i + 3] = 1;
      const shows = Math.max(values[i + 3]!, 1e-6);
      for (let c = i; c < i + 3; c++) values[c] = Math.min(1, values[c]! / shows);
    }
  });
}

/** The part of the photo that lies behind the canvas where the subject stood in it, if that fills the canvas. */
function partBehind(photo: Size, { source, size, corner, canvas }: Layout): Box | null {
  const ratioY = size[0] / (source[2] - source[0]);
  const ratioX = size[1] / (source[3] - source[1]);
  const [startY, startX] = [source[0] - corner[0] / ratioY, source[1] - corner[1] / ratioX];
  const [endY, endX] = [startY + canvas[0] / ratioY, startX + canvas[1] / ratioX];
  if (startY < -0.5 || startX < -0.5 || endY > photo[0] + 0.5 || endX > photo[1] + 0.5) return null;
  return [
    Math.max(0, roundEven(startY)),
    Math.max(0, roundEven(startX)),
    Math.min(photo[0], roundEven(endY)),
    Math.min(photo[1], roundEven(endX)),
  ];
}

/** A picture as large as it must be to fill the canvas, centred, the rest cut off. */
function cover(layer: Rows, canvas: Size): Rows {
  return resizedStraight(windowOf(layer, coveringWindow(layer.size, canvas)), canvas);
}

/** The largest part of the canvas's shape, from the middle. */
function coveringWindow([height, width]: Size, canvas: Size): Box {
  const ratio = Math.max(canvas[0] / height, canvas[1] / width);
  const keepH = Math.min(height, Math.max(1, roundEven(canvas[0] / ratio)));
  const keepW = Math.min(width, Math.max(1, roundEven(canvas[1] / ratio)));
  const [top, left] = [(height - keepH) >> 1, (width - keepW) >> 1];
  return [top, left, top + keepH, left + keepW];
}

function boundRows(rows: Rows): Rows {
  return changed(rows, (values, count) => bound(values, count * rows.channels));
}
