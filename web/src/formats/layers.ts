/** A cutout in layers, for editors: background, shadow, subject with its matte as a mask. */
import { FeathercutError } from "../errors.ts";
import { type Cutout, type Image, type Metadata, type Samples, type Size, white } from "../pictures.ts";
import { eightBits } from "./content.ts";

/** 8 bits a channel, of the canvas' size. `alpha` is the layer's own; `mask` hides without taking away. */
export interface Layer {
  readonly name: string;
  /** H×W×3, or null for black. */
  readonly rgb: Uint8Array | null;
  readonly alpha: Uint8Array | null;
  readonly mask: Uint8Array | null;
}

/** Layers from the lowest to the highest, and the picture that they make. */
export interface Layered {
  readonly size: Size;
  readonly layers: readonly Layer[];
  readonly merged: Image;
  readonly metadata: Metadata;
}

/** What layers are made of, all at one size. */
export interface LayerSources {
  readonly cutout: Cutout;
  /** The photo's colours, so that a mask can be painted back; without them the cutout's, which end at the matte. */
  readonly photo: Samples | null;
  /** The subject below itself, at 8 bits; H×W×3 and H×W. */
  readonly mirrored?: { readonly rgb: Uint8Array; readonly alpha: Uint8Array } | null;
  readonly background: Samples | null;
  /** The finished picture; null where it is nothing but these layers. */
  readonly merged: Image | null;
}

/** Throws FeathercutError("shape") where the sources differ in size. */
export function layersOf({ cutout, photo, mirrored, background, merged }: LayerSources): Layered {
  const count = cutout.size[0] * cutout.size[1];
  const fits = [cutout.rgb, photo, background, merged?.rgb].every(
    (samples) => !samples || samples.length === 3 * count,
  );
  if (!fits || cutout.alpha.length !== count) {
    throw new FeathercutError(
      "shape",
      "Layers must all have the cutout's size: arrange the photo and the background as it was",
    );
  }
  const layers: Layer[] = [];
  if (background) layers.push({ name: "Background", rgb: eightBits(background), alpha: null, mask: null });
  if (cutout.shadow?.some((level) => level > 0)) {
    layers.push({ name: "Shadow", rgb: null, alpha: levels(cutout.shadow), mask: null });
  }
  if (mirrored) layers.push({ name: "Reflection", ...mirrored, mask: null });
  const mask = levels(cutout.alpha);
  layers.push({ name: "Subject", rgb: subjectColours(cutout, photo, mask), alpha: null, mask });
  const { size, metadata } = cutout;
  return { size, layers, merged: merged ?? flattened({ size, layers, metadata }), metadata };
}

/** The picture that layers make, one over the other; without alpha where the lowest has none. */
function flattened({ size, layers, metadata }: Omit<Layered, "merged">): Image {
  const rgb = new Uint8Array(size[0] * size[1] * 3);
  const alpha = new Uint8Array(size[0] * size[1]);
  for (const layer of layers) {
    const own = layer.mask ?? layer.alpha;
    for (let i = 0, c = 0; i < alpha.length; i++, c += 3) {
      const above = own ? own[i]! / 255 : 1;
      if (!above) continue;
      const below = (alpha[i]! / 255) * (1 - above);
      const total = above + below;
      for (let k = c; k < c + 3; k++) rgb[k] = ((layer.rgb?.[k] ?? 0) * above + rgb[k]! * below) / total + 0.5;
      alpha[i] = total * 255 + 0.5;
    }
  }
  const isOpaque = layers[0] !== undefined && !layers[0].alpha && !layers[0].mask;
  return { size, rgb, alpha: isOpaque ? null : alpha, metadata };
}

/** The cutout's colours at 8 bits where the matte shows them, the photo's own where it does not. */
function subjectColours(cutout: Cutout, photo: Samples | null, mask: Uint8Array): Uint8Array {
  const own = eightBits(cutout.rgb);
  if (!photo) return own;
  const scale = white(photo) / 255;
  const out = own === cutout.rgb ? own.slice() : own;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]) continue;
    for (let c = 3 * i; c < 3 * i + 3; c++) out[c] = Math.floor(photo[c]! / scale + 0.5);
  }
  return out;
}

/** [0, 1] as 0 to 255, halves rounded up. */
export function levels(alpha: Float32Array): Uint8Array {
  const out = new Uint8Array(alpha.length);
  for (let i = 0; i < alpha.length; i++) out[i] = alpha[i]! * 255 + 0.5;
  return out;
}
