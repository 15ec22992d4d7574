/** Where the subject goes: the canvas and the place on it, from boxes alone. */
import { FeathercutError } from "../errors.ts";
import { clamped, roundEven } from "../kernels/rounding.ts";
import type { Options } from "../options.ts";
import type { Box, Size } from "../pictures.ts";
import { parseMargin, parsePosition, parseScale, parseSize, pixelsOf } from "../values.ts";

/** Below this a pixel does not count as part of the subject when its box is measured. */
const SHOWS = Math.fround(0.5 / 255);
/** What a margin or a size may blow a picture up to. */
const [MOST_A_SIDE, MOST_PIXELS] = [65_535, 250_000_000];

export type ArrangeOptions = Pick<Options, "crop" | "margin" | "size" | "scale" | "position">;

/**
 * Where a part of the photo lands: `source` is drawn at `size` with its corner at `corner` (top, left) of a canvas.
 */
export interface Layout {
  readonly source: Box;
  readonly size: Size;
  readonly corner: readonly [top: number, left: number];
  readonly canvas: Size;
}

/** The box around everything that shows; the whole frame where nothing does. */
export function subjectBox(alpha: Float32Array, size: Size): Box {
  const [height, width] = size;
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let first = 0;
    while (first < width && alpha[start + first]! <= SHOWS) first++;
    if (first === width) continue;
    let last = width - 1;
    while (alpha[start + last]! <= SHOWS) last--;
    if (bottom === 0) top = y;
    bottom = y + 1;
    left = Math.min(left, first);
    right = Math.max(right, last + 1);
  }
  return bottom > 0 ? [top, left, bottom, right] : [0, 0, height, width];
}

/**
 * Where everything goes in a photo of size `whole`; `box` is the subject's, `room` what a crop leaves around it for its
 * shadow: top, right, bottom and left, in px of the photo.
 *
 * `crop` takes the subject's box and its margin, else the whole photo. `size` gives the canvas, into which that is fitted,
 * centred. `scale` or `position` place the subject itself: its box fills `scale` of the canvas within the margin (its own
 * size where only `position` is given, made smaller where it must be). Raises FeathercutError for a canvas that no memory
 * holds.
 */
export function arrange(whole: Size, box: Box, options: ArrangeOptions, room: Box = [0, 0, 0, 0]): Layout {
  const margins = marginsOf(box, options, room);
  const source: Box = options.crop ? box : [0, 0, ...whole];
  const canvas = canvasOf(source, margins, options, whole[0] * whole[1]);
  if (options.scale !== null || ![null, "original"].includes(options.position)) {
    return placeSubject(box, margins, whole, canvas, options);
  }
  const spread = spreadOf(source, margins);
  const ratio = Math.min(canvas[0] / spread[0], canvas[1] / spread[1]);
  const size = scaled(source, ratio);
  const top = (canvas[0] - spread[0] * ratio) / 2 + margins[0] * ratio;
  const left = (canvas[1] - spread[1] * ratio) / 2 + margins[3] * ratio;
  return { source, size, corner: [within(top, size[0], 0, canvas[0]), within(left, size[1], 0, canvas[1])], canvas };
}

/** The same, with as much of the photo around its source as there is room for on the canvas, to a pixel. */
export function widened({ source, size, corner, canvas }: Layout, photo: Size): Layout {
  const [top, left, bottom, right] = source;
  const [ratioY, ratioX] = [size[0] / (bottom - top), size[1] / (right - left)];
  const [below, after] = [canvas[0] - corner[0] - size[0], canvas[1] - corner[1] - size[1]];
  const up = Math.min(top, Math.trunc(corner[0] / ratioY));
  const before = Math.min(left, Math.trunc(corner[1] / ratioX));
  const wide: Box = [
    top - up,
    left - before,
    bottom + Math.min(photo[0] - bottom, Math.trunc(below / ratioY)),
    right + Math.min(photo[1] - right, Math.trunc(after / ratioX)),
  ];
  const at = [corner[0] - roundEven(up * ratioY), corner[1] - roundEven(before * ratioX)] as const;
  const [height, width] = scaledBy(wide, ratioY, ratioX);
  return {
    source: wide,
    size: [Math.min(height, canvas[0] - at[0]), Math.min(width, canvas[1] - at[1])],
    corner: at,
    canvas,
  };
}

function canvasOf(source: Box, margins: Box, options: ArrangeOptions, photoPixels: number): Size {
  const canvas = options.size ? parseSize(options.size) : spreadOf(source, margins);
  if (Math.max(...canvas) > MOST_A_SIDE || canvas[0] * canvas[1] > Math.max(MOST_PIXELS, photoPixels)) {
    throw new FeathercutError(
      "option",
      `Option \`${options.size ? "size" : "margin"}\`: the picture would have ${canvas[1]}×${canvas[0]} pixels; ` +
        `${MOST_A_SIDE} a side and ${MOST_PIXELS / 1e6} megapixels are the most`,
    );
  }
  return canvas;
}

/** Top, right, bottom and left, in the photo's pixels, `room` among them. */
function marginsOf(box: Box, options: ArrangeOptions, room: Box): Box {
  if (!options.crop) return [0, 0, 0, 0];
  const [top, right, bottom, left] = parseMargin(options.margin);
  const [height, width] = [box[2] - box[0], box[3] - box[1]];
  return [
    roundEven(pixelsOf(top, height)) + room[0],
    roundEven(pixelsOf(right, width)) + room[1],
    roundEven(pixelsOf(bottom, height)) + room[2],
    roundEven(pixelsOf(left, width)) + room[3],
  ];
}

/** A box and the margins around it. */
function spreadOf(box: Box, margins: Box): Size {
  return [box[2] - box[0] + margins[0] + margins[2], box[3] - box[1] + margins[1] + margins[3]];
}

/**
 * The subject somewhere on the canvas, but never in the margins.
 *
 * These are as wide as if the subject filled the rest: `scale` `100%` is what `crop` does without it.
 */
function placeSubject(box: Box, margins: Box, whole: Size, canvas: Size, options: ArrangeOptions): Layout {
  const spread = spreadOf(box, margins);
  const full = Math.min(canvas[0] / spread[0], canvas[1] / spread[1]);
  const ratio = options.scale ? full * parseScale(options.scale) : Math.min(1, full);
  const size = scaled(box, ratio);
  const [height, width] = size;
  const [top, right, bottom, left] = margins.map((margin) => margin * full) as unknown as Box;
  const [endY, endX] = [canvas[0] - bottom, canvas[1] - right];
  const place = parsePosition(options.position ?? "center");
  // For `original` the middle of the subject keeps its share of the way across.
  const isKept = place === "original";
  const y = isKept
    ? ((box[0] + box[2]) / 2 / whole[0]) * canvas[0] - height / 2
    : top + (endY - top - height) * place[1];
  const x = isKept
    ? ((box[1] + box[3]) / 2 / whole[1]) * canvas[1] - width / 2
    : left + (endX - left - width) * place[0];
  return { source: box, size, corner: [within(y, height, top, endY), within(x, width, left, endX)], canvas };
}

/**
 * The whole pixel nearest to `start` from which `length` pixels fit between two places; rounding may push one out.
 *
 * Where they do not fit by a rounding, they still end on the canvas.
 */
function within(start: number, length: number, first: number, last: number): number {
  return Math.max(0, Math.min(Math.max(roundEven(start), roundEven(first)), roundEven(last) - length));
}

function scaled(box: Box, ratio: number): Size {
  return scaledBy(box, ratio, ratio);
}

function scaledBy(box: Box, ratioY: number, ratioX: number): Size {
  return [
    clamped(roundEven((box[2] - box[0]) * ratioY), 1, Infinity),
    clamped(roundEven((box[3] - box[1]) * ratioX), 1, Infinity),
  ];
}
