/** From a decoder's samples to an Image: alpha, colour, orientation, what the file says besides. Twin of Python's `raster.py`. */
import { type Image, type Metadata, type Samples, type Size, white } from "../pictures.ts";
import { cleaned, type Dpi, dpiOf, orientationOf } from "./exif.ts";
import { colourSpace, greyToSrgb } from "./icc.ts";
import { pick, swapsSides, walk } from "./orientation.ts";

/** What a decoded file gives: the picture, and what a person should hear about it. */
export interface Decoded {
  readonly image: Image;
  readonly notes: readonly string[];
}

/** What a file says besides its samples, as it says it. `orientation` is the one to apply; without it the EXIF block's. */
export interface Tags {
  readonly profile?: Uint8Array | null;
  readonly dpi?: Dpi | null;
  readonly exif?: Uint8Array | null;
  readonly orientation?: number;
}

/** Samples as a decoder gives them: grey (1), grey and alpha (2), RGB (3), RGB and alpha (4); H×W×channels. */
export interface Raster {
  readonly size: Size;
  readonly samples: Samples;
  readonly channels: 1 | 2 | 3 | 4;
  /** Of four channels the last says nothing: decoders that always give it. */
  readonly is_opaque?: boolean;
  readonly tags: Tags;
}

/** The upright Image; grey with a grey profile is converted to sRGB. The samples are given away. */
export function imageOf(raster: Raster): Image {
  const { tags, channels } = raster;
  const orientation = tags.orientation ?? orientationOf(tags.exif ?? null);
  const path = walk(raster.size, orientation);
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0 && !raster.is_opaque;
  const alpha = hasAlpha ? pick(raster.samples, channels, channels - 1, 1, path) : null;
  const isReady = channels === 3 && orientation === 1;
  const colours = isReady ? raster.samples : pick(raster.samples, channels, 0, isGrey ? 1 : 3, path);
  const space = tags.profile ? colourSpace(tags.profile) : null;
  const rgb = isGrey ? spread(colours, space === "gray" ? tags.profile! : null) : colours;
  return { size: path.size, rgb, alpha, metadata: metadataOf(tags, space === "rgb", orientation) };
}

/** H×W grey as H×W×3, through its profile where it has one. */
function spread(grey: Samples, profile: Uint8Array | null): Samples {
  const out = grey instanceof Uint16Array ? new Uint16Array(grey.length * 3) : new Uint8Array(grey.length * 3);
  const table = profile && greyToSrgb(profile, white(grey) as 255 | 65535);
  for (let i = 0, to = 0; i < grey.length; i++, to += 3) {
    const level = table ? table[grey[i]!]! : grey[i]!;
    out[to] = level;
    out[to + 1] = level;
    out[to + 2] = level;
  }
  return out;
}

function metadataOf(tags: Tags, keepsProfile: boolean, orientation: number): Metadata {
  let dpi = tags.dpi ?? dpiOf(tags.exif ?? null);
  if (dpi && swapsSides(orientation)) dpi = [dpi[1], dpi[0]];
  const isSane = dpi?.every((side) => side > 1 && side <= 1e6);
  // Copies: the file's bytes need not live as long as a few hundred of them.
  const profile = keepsProfile && tags.profile ? tags.profile.slice() : null;
  return { profile, dpi: isSane ? dpi : null, exif: cleaned(tags.exif ?? null) };
}
