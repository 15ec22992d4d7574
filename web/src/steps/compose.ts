/** Cutout → Image: what is behind and around the subject. Made row by row: only the result is ever whole. */
import { FeathercutError } from "../errors.ts";
import { alphaOf, over, resizedStraight } from "../kernels/composite.ts";
import { gradient } from "../kernels/gradient.ts";
import { reflection } from "../kernels/reflection.ts";
import { gathered, resizedRows } from "../kernels/resample.ts";
import { clamped } from "../kernels/rounding.ts";
import { placed, type Rows, rowsOf, windowOf } from "../kernels/rows.ts";
import type { Options } from "../options.ts";
import { type Box, type Cutout, type Image, type Metadata, type Samples, type Size, white } from "../pictures.ts";
import { type Colour, parseBackground } from "../values.ts";
import { type ArrangeOptions, arrange, type Layout, subjectBox, widened } from "./arrange.ts";
import { type Behind, background, encoded, layerOf, plain } from "./background.ts";
import { keptBox } from "./shade.ts";

/** The alpha of black below the subject where it is drawn, from its alpha on the canvas; `ratio` is how much larger than in the photo it is. */
export type CastShadow = (alpha: Float32Array, canvas: Size, ratio: number) => Float32Array;

export interface Around {
  /** Instead of what the option `background` says. */
  readonly behind?: Behind;
  readonly shadow?: CastShadow;
  /** The room that a crop leaves around the subject's box for its shadow; `kept` is the box of the photo's own. */
  readonly room?: (box: Box, kept: Box | null) => Box;
  /** What counts as the subject's box. */
  readonly box?: Box;
}

/**
 * The finished picture: the subject placed on its canvas, on its background.
 *
 * Without options it is the cutout as it is, at the photo's size. `photo` is what a blurred background is made of, and
 * says in which integers the result is. Colours of the background are taken as sRGB and encoded as the photo is.
 */
export function compose(
  cutout: Cutout,
  photo: Image,
  options: ArrangeOptions & Pick<Options, "background" | "reflection">,
  { behind = behindOf(options.background), shadow, room, box }: Around = {},
): Image {
  const subject = box ?? subjectBox(cutout.alpha, cutout.size);
  const isEmpty = !room || cutout.alpha.every((value) => value === 0);
  const kept = isEmpty || !cutout.shadow ? null : keptBox(cutout.shadow, cutout.size);
  const layout = arrange(cutout.size, subject, options, isEmpty ? undefined : room(subject, kept));
  let picture = drawn(layerOf(cutout.rgb, cutout.alpha, cutout.size), layout);
  const below = shadowOf(cutout, layout, picture, shadow);
  const mirrored = options.reflection ? reflection(picture, options.reflection / 100) : null;
  if (mirrored) picture = stacked(picture, mirrored);
  if (below) picture = stacked(picture, below);
  const isBare = behind.kind === "colour" && behind.colour[3] === 0;
  if (!isBare) picture = stacked(picture, background(behind, photo, layout));
  return collected(picture, photo.rgb, cutout.metadata);
}

/** A picture over a colour given as sRGB, opaque where the colour is. */
export function onColour(picture: Image, colour: Colour): Image {
  if (picture.alpha === null) return picture;
  const { size, rgb, alpha, metadata } = picture;
  return collected(stacked(layerOf(rgb, alpha, size), plain(encoded(colour, metadata), size)), rgb, metadata);
}

export function behindOf(text: string): Behind {
  const words = parseBackground(text);
  if (words.kind === "gradient") {
    return { kind: "paint", paint: (canvas) => gradient(canvas, words.from, words.to, words.angle_deg) };
  }
  if (words.kind !== "picture") return words;
  throw new FeathercutError("option", `Option \`background\`: there is no file ${words.path} here; choose the picture`);
}

/** A layer on its canvas. */
function drawn(layer: Rows, { source, size, corner, canvas }: Layout): Rows {
  return placed(resizedStraight(windowOf(layer, source), size), corner, canvas);
}

function shadowOf(cutout: Cutout, layout: Layout, subject: Rows, cast: CastShadow | undefined): Rows | null {
  if (cutout.shadow) {
    // As much of it as there is room for: it reaches beyond the subject's box.
    const { source, size, corner, canvas } = widened(layout, cutout.size);
    const part = windowOf(rowsOf(cutout.shadow, cutout.size, 1), source);
    return black(placed(resizedRows(part, size, "bilinear"), corner, canvas));
  }
  if (!cast) return null;
  const { canvas, size, source } = layout;
  const ratio = size[0] / (source[2] - source[0]);
  return black(rowsOf(cast(gathered(alphaOf(subject)), canvas, ratio), canvas, 1));
}

/** Black of some alpha, which is the one channel of `rows`. */
function black(rows: Rows): Rows {
  const row = new Float32Array(rows.size[1]);
  return {
    size: rows.size,
    channels: 4,
    read(y, left, right, into) {
      rows.read(y, left, right, row);
      for (let x = 0, i = 0; x < right - left; x++, i += 4) {
        into.fill(0, i, i + 3);
        into[i + 3] = clamped(row[x]!, 0, 1);
      }
    },
  };
}

/** One layer on top of another. */
function stacked(top: Rows, below: Rows): Rows {
  const row = new Float32Array(4 * below.size[1]);
  return {
    ...top,
    read(y, left, right, into) {
      top.read(y, left, right, into);
      below.read(y, left, right, row);
      over(into, row, right - left);
    },
  };
}

/** A picture in integers like those of `like`; without alpha where it is opaque all over. */
function collected(picture: Rows, like: Samples, metadata: Metadata): Image {
  const { size } = picture;
  const [height, width] = size;
  const make = (count: number): Samples =>
    like instanceof Uint8Array ? new Uint8Array(count) : new Uint16Array(count);
  const [rgb, alpha] = [make(3 * height * width), make(height * width)];
  const pixels = new Float32Array(4 * width);
  const most = white(like);
  let isOpaque = true;
  for (let y = 0, i = 0, at = 0; y < height; y++) {
    picture.read(y, 0, width, pixels);
    for (let x = 0; x < 4 * width; x += 4, i++, at += 3) {
      const shown = pixels[x + 3]!;
      if (shown < 1) isOpaque = false;
      if (shown === 0) continue; // what was just made is zero already
      alpha[i] = shown * most + 0.5; // what is behind the point is dropped
      rgb[at] = pixels[x]! * most + 0.5;
      rgb[at + 1] = pixels[x + 1]! * most + 0.5;
      rgb[at + 2] = pixels[x + 2]! * most + 0.5;
    }
  }
  return { size, rgb, alpha: isOpaque ? null : alpha, metadata };
}
