/** What the page is given to show: copies at 8 bits, in sRGB. */
import { eightBits } from "../formats/content.ts";
import { profileKind, toSrgb } from "../kernels/colour.ts";
import { keptShadow } from "../kernels/kept_shadow.ts";
import { Lattice } from "../kernels/lattice.ts";
import { shrink } from "../kernels/resample.ts";
import { rowsOf } from "../kernels/rows.ts";
import type { Image, Size } from "../pictures.ts";

const CHUNK = 3 << 16;
const SHOWN_POINTS = 33;

/** The photo's colours, H×W×3, at 8 bits in sRGB; always a copy. */
export function shownColours(image: Image): Uint8Array<ArrayBuffer> {
  const { profile } = image.metadata;
  const kind = profileKind(profile);
  if (kind === "srgb" || kind === "unknown") return Uint8Array.from(eightBits(image.rgb));
  const most = image.rgb instanceof Uint8Array ? 255 : 65535;
  const shown = new Uint8Array(image.rgb.length);
  // Tables take a microsecond a colour: for showing, a finer one that is made once is close enough.
  const lattice = kind === "table" ? Lattice.of((rgb) => toSrgb(rgb, profile), SHOWN_POINTS) : null;
  for (let at = 0; at < shown.length; at += CHUNK) {
    // A piece at a time: all of it as floats would be four times the photo.
    const part = Float32Array.from(image.rgb.subarray(at, at + CHUNK), (value) => value / most);
    if (lattice) for (let i = 0; i < part.length; i += 3) lattice.look(part, i);
    else toSrgb(part, profile);
    for (let i = 0; i < part.length; i++) shown[at + i] = Math.round(Math.min(1, Math.max(0, part[i]!)) * 255);
  }
  return shown;
}

/** The photo's own shadow at `size`, as it is to be shown behind a matte of 8 bits, H×W: the alpha of black. */
export function shownShadow({ rgb, alpha: own, size }: Image, alpha: Uint8Array, to: Size): Float32Array<ArrayBuffer> {
  const matte = Float32Array.from(alpha, (value) => value / 255);
  const layer = keptShadow(rgb, matte, size, to) as Float32Array<ArrayBuffer>;
  const shows = own && shrink(rowsOf(own, size, 1), to, "box");
  return shows ? layer.map((value, i) => value * shows[i]!) : layer;
}

/** A matte as grey RGB at 8 bits. */
export function shownMatte(alpha: Float32Array): Uint8Array<ArrayBuffer> {
  const shown = new Uint8Array(3 * alpha.length);
  for (let i = 0; i < alpha.length; i++) shown.fill(Math.round(alpha[i]! * 255), 3 * i, 3 * i + 3);
  return shown;
}

/** h×w×3 in [0, 1] at 8 bits. */
export function shownCanvas(canvas: Float32Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(canvas, (value) => Math.round(value * 255));
}
