/**
 * The values that travel: `bytes → Image → Prediction → Matte → Cutout → Image → bytes`, as in Python's `pictures.py`.
 *
 * Photos are held in the integers of their file (a 12-megapixel photo is 36 MB so, not 144), every other array is
 * float32. Arrays are flat, rows first; colours interleaved; alpha is straight, never premultiplied.
 */

/** (height, width) in pixels. */
export type Size = readonly [height: number, width: number];

/** (top, left, bottom, right) in pixels, the last two exclusive. */
export type Box = readonly [top: number, left: number, bottom: number, right: number];

/** A filter that brings an array to another size; see `kernels/resample.ts`. */
export type Resample = "box" | "bilinear" | "bicubic" | "lanczos";

/** Integer samples: 0 to 255, or 0 to 65535 where the file had 16 bits a channel. */
export type Samples = Uint8Array | Uint16Array;

/** What a file says about its picture besides the pixels. */
export interface Metadata {
  /** An ICC profile of an RGB space; null means sRGB. */
  readonly profile: Uint8Array | null;
  /** (horizontal, vertical) pixels an inch. */
  readonly dpi: readonly [number, number] | null;
  /** A TIFF-structured block, no `Exif` prefix, whose orientation is already applied. */
  readonly exif: Uint8Array | null;
}

export const NO_METADATA: Metadata = { profile: null, dpi: null, exif: null };

/** An upright picture. `rgb` is H×W×3, encoded as `metadata.profile` says; `alpha` H×W of the same kind, or null where it is opaque. */
export interface Image {
  readonly size: Size;
  readonly rgb: Samples;
  readonly alpha: Samples | null;
  readonly metadata: Metadata;
}

/** What a network answered: `alpha` h×w in [0, 1] at its own size; `inside` is the part that shows the photo. */
export interface Prediction {
  readonly size: Size;
  readonly alpha: Float32Array;
  readonly inside: Box;
  readonly model: string;
  readonly resample: Resample;
}

/**
 * What a subject lets through, on a small grid of the whole photo: `places` h×w is above 0 where it is transparent,
 * `backdrop` 3×h×w the colours behind it, as far as they can be guessed from around it.
 */
export interface Through {
  readonly grid: Size;
  readonly places: Float32Array;
  readonly backdrop: Float32Array;
}

/** How much of each pixel is the subject: `alpha` H×W in [0, 1] at the photo's size. */
export interface Matte {
  readonly size: Size;
  readonly alpha: Float32Array;
  /** Where it is transparent and what is behind it there; nothing where it is not. */
  readonly through?: Through | null;
  /** The subject's own colours, H×W×3 in 16 bits, where a method knows them. */
  readonly colours?: Uint16Array | null;
}

/** The subject alone: `rgb` H×W×3 its own colours, zero where `alpha` is zero; `shadow` is the alpha of black below it. */
export interface Cutout {
  readonly size: Size;
  readonly rgb: Samples;
  readonly alpha: Float32Array;
  readonly shadow: Float32Array | null;
  readonly metadata: Metadata;
}

/** The most that a sample of `samples` can be: 255 or 65535. */
export function white(samples: Samples): number {
  return samples instanceof Uint8Array ? 255 : 65535;
}
