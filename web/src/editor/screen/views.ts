/** Rows of the views: what a person looks at, as opaque words. */
import type { View } from "../editor.ts";
import type { RowFiller } from "./backdrop.ts";
import { mixed, over, word } from "./pixels.ts";
import type { Sampler } from "./sampler.ts";

/** What is not the subject is tinted with this in the overlay, to this share of 256 where alpha is 0. */
const TINT = word(226, 38, 74);
const TINTED = 152;

export interface Pictures {
  /** The photo's colours with the matte beside them. */
  readonly photo: Sampler;
  /** The subject, premultiplied. */
  readonly cutout: Sampler;
  readonly behind: RowFiller;
}

export function rowsOf(view: View, pictures: Pictures): RowFiller {
  if (view === "cutout") return cutoutRows(pictures);
  const { photo } = pictures;
  return (y, from, to, out) => {
    photo.read(y, from, to, out);
    for (let i = 0; i < to - from; i++) out[i] = SHOWN[view](out[i]!);
  };
}

const SHOWN: Record<Exclude<View, "cutout">, (pixel: number) => number> = {
  original: (pixel) => (pixel | 0xff000000) >>> 0,
  matte: (pixel) => (Math.imul(pixel >>> 24, 0x010101) | 0xff000000) >>> 0,
  overlay: (pixel) => (mixed(pixel, TINT, ((255 - (pixel >>> 24)) * TINTED) >> 8) | 0xff000000) >>> 0,
};

function cutoutRows({ cutout, behind }: Pictures): RowFiller {
  let row = new Uint32Array(0);
  return (y, from, to, out) => {
    if (row.length < to - from) row = new Uint32Array(to - from);
    cutout.read(y, from, to, row);
    behind(y, from, to, out);
    for (let i = 0; i < to - from; i++) {
      const above = row[i]!;
      if (above > 0xffffff) out[i] = over(above, out[i]!);
    }
  };
}
