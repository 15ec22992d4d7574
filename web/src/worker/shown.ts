/** What the page is given to show: copies at 8 bits, in sRGB. */
import { eightBits } from "../formats/content.ts";
import { profileKind, toSrgb } from "../kernels/colour.ts";
import { Lattice } from "../kernels/lattice.ts";
import type { Image } from "../pictures.ts";

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
