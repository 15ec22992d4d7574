/** What a writer gets: integers, and what the file says besides. */
import { type Samples, type Size, white } from "../pictures.ts";
import type { Dpi } from "./exif.ts";

/**
 * A picture to write. Without `rgb` it is the grey picture of `alpha`. Where both are given their kinds are the same, and
 * colours are written as zero where alpha is zero, so that nothing of a background is carried along unseen.
 */
export interface Still {
  readonly size: Size;
  readonly rgb: Samples | null;
  readonly alpha: Samples | null;
  readonly profile: Uint8Array | null;
  readonly dpi: Dpi | null;
  /** A block that may be carried on: cleaned, without a place unless that was asked for. */
  readonly exif: Uint8Array | null;
}

export type Channels = 1 | 3 | 4;

export function channelsOf(still: Still): Channels {
  return still.rgb ? (still.alpha ? 4 : 3) : 1;
}

/** The picture at 8 bits a channel, rounded; itself where it has 8. */
export function atEightBits(still: Still): Still {
  const reduce = (samples: Samples | null): Samples | null => samples && eightBits(samples);
  return { ...still, rgb: reduce(still.rgb), alpha: reduce(still.alpha) };
}

/** Samples at 8 bits, rounded; themselves where they have 8. */
export function eightBits(samples: Samples): Uint8Array {
  if (samples instanceof Uint8Array) return samples;
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = Math.floor(samples[i]! / 257 + 0.5);
  return out;
}

/** RGBA at 8 bits as the codecs take it, H×W×4; opaque where there is no alpha, grey where there is no colour. */
export function rgbaOf(still: Still): Uint8Array<ArrayBuffer> {
  const { rgb, alpha, size } = atEightBits(still);
  const out = new Uint8Array(size[0] * size[1] * 4);
  for (let i = 0, from = 0, to = 0; to < out.length; i++, from += 3, to += 4) {
    const opacity = rgb && alpha ? alpha[i]! : 255;
    if (!opacity) continue;
    out[to] = rgb ? rgb[from]! : alpha![i]!;
    out[to + 1] = rgb ? rgb[from + 1]! : alpha![i]!;
    out[to + 2] = rgb ? rgb[from + 2]! : alpha![i]!;
    out[to + 3] = opacity;
  }
  return out;
}

/** Writes row `y` into `out` as PNG has it: channels interleaved, 16 bits with the high byte first. */
export function fillRow(still: Still, y: number, out: Uint8Array): void {
  const { rgb, alpha } = still;
  const width = still.size[1];
  if (white((rgb ?? alpha)!) === 65535) fillRow16(still, y, out);
  else if (!rgb) out.set(alpha!.subarray(y * width, (y + 1) * width));
  else if (!alpha) out.set(rgb.subarray(3 * y * width, 3 * (y + 1) * width));
  else {
    for (let x = 0, i = y * width, from = 3 * i, to = 0; x < width; x++, i++, from += 3, to += 4) {
      const opacity = alpha[i]!;
      out[to] = opacity ? rgb[from]! : 0;
      out[to + 1] = opacity ? rgb[from + 1]! : 0;
      out[to + 2] = opacity ? rgb[from + 2]! : 0;
      out[to + 3] = opacity;
    }
  }
}

function fillRow16({ rgb, alpha, size }: Still, y: number, out: Uint8Array): void {
  let to = 0;
  const put = (value: number): void => {
    out[to++] = value >> 8;
    out[to++] = value & 255;
  };
  for (let i = y * size[1]; i < (y + 1) * size[1]; i++) {
    const shows = alpha?.[i] !== 0;
    if (rgb) for (let c = 0; c < 3; c++) put(shows ? rgb[3 * i + c]! : 0);
    if (alpha) put(alpha[i]!);
  }
}
