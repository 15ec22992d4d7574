/**
 * Pixels as 32-bit words, red lowest, as canvases hold them (every machine that runs a browser is little-endian). Two
 * channels of a word are computed at once.
 */

import { type Colour, parseColour } from "../../values.ts";

const ODD = 0xff00ff;

export function word(red: number, green: number, blue: number, alpha = 255): number {
  return (red | (green << 8) | (blue << 16) | (alpha << 24)) >>> 0;
}

/** A straight colour with its alpha multiplied in. */
export function premultiplied(red: number, green: number, blue: number, alpha: number): number {
  if (alpha === 255) return (red | (green << 8) | (blue << 16) | 0xff000000) >>> 0;
  if (alpha === 0) return 0;
  const share = alpha + (alpha >> 7);
  const pair = ((((red | (blue << 16)) * share + 0x800080) >>> 8) & ODD) >>> 0;
  return (pair | ((((green * share + 128) >>> 8) & 255) << 8) | (alpha << 24)) >>> 0;
}

/** A premultiplied word over an opaque one. */
export function over(above: number, below: number): number {
  const alpha = above >>> 24;
  if (alpha === 255) return above;
  if (alpha === 0) return below;
  const rest = 256 - alpha - (alpha >> 7);
  const pair = ((Math.imul(below & ODD, rest) >>> 8) & ODD) + (above & ODD);
  const green = ((Math.imul((below >>> 8) & 255, rest) >>> 8) + ((above >>> 8) & 255)) << 8;
  return (pair | green | 0xff000000) >>> 0;
}

/** `share` (0 to 256) of the way from one word to another. */
export function mixed(from: number, to: number, share: number): number {
  const rest = 256 - share;
  const pair = ((Math.imul(from & ODD, rest) + Math.imul(to & ODD, share)) >>> 8) & ODD;
  const others = (Math.imul((from >>> 8) & ODD, rest) + Math.imul((to >>> 8) & ODD, share)) & 0xff00ff00;
  return (pair | others) >>> 0;
}

/** The mean of four words. */
export function meanOfFour(a: number, b: number, c: number, d: number): number {
  const pair = (((a & ODD) + (b & ODD) + (c & ODD) + (d & ODD) + 0x20002) >>> 2) & ODD;
  const others = (((a >>> 8) & ODD) + ((b >>> 8) & ODD) + ((c >>> 8) & ODD) + ((d >>> 8) & ODD) + 0x20002) >>> 2;
  return (pair | ((others & ODD) << 8)) >>> 0;
}

/** A colour as options write it, [red, green, blue, alpha] in [0, 1]; white where it is half typed. */
export function colourOf(written: string): Colour {
  try {
    return parseColour(written);
  } catch {
    return [1, 1, 1, 1];
  }
}

/** The same as a premultiplied word. */
export function wordOfColour(written: string): number {
  const [red, green, blue, alpha] = colourOf(written).map((part) => Math.round(part * 255));
  return premultiplied(red!, green!, blue!, alpha!);
}
