/** Putting straight-alpha layers on top of each other, and changing their size without fringes. Pixels are RGBA. */
import type { Size } from "../pictures.ts";
import { filtered, type Taps } from "./filters.ts";
import { resizedRows } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import { changed, type Rows } from "./rows.ts";

const LEAST = 1e-6;
/** Alpha below which colours cannot be told from a sum of premultiplied ones. */
const SHOWS = 1 / 1024;

/**
 * Makes `top` (`count` straight RGBA pixels) what it and `below` look like together, straight again and zero where
 * nothing shows. T. Porter, T. Duff, "Compositing Digital Images", SIGGRAPH 1984, on encoded values, as every picture
 * editor does it.
 */
export function over(top: Float32Array, below: Float32Array, count: number): void {
  for (let i = 0; i < 4 * count; i += 4) {
    const a = top[i + 3]!;
    if (a === 1) continue;
    const b = below[i + 3]! * (1 - a);
    const total = a + b;
    for (let c = i; c < i + 3; c++) {
      top[c] = total > LEAST ? clamped((top[c]! * a + below[c]! * b) / total, 0, 1) : 0;
    }
    top[i + 3] = clamped(total, 0, 1);
  }
}

/** Makes straight RGBA pixels premultiplied ones. */
export function premultiply(values: Float32Array, count: number): void {
  for (let i = 0; i < 4 * count; i += 4) {
    for (let c = i; c < i + 3; c++) values[c]! *= values[i + 3]!;
  }
}

/**
 * A straight RGBA picture at another size, by Lanczos on premultiplied colours.
 *
 * Colours are weighted by their alpha, so that hidden ones never bleed into an edge. Where a filter that does not ring
 * sees nothing or all of a pixel, so it is: no ghost line runs along the edge.
 */
export function resizedStraight(rows: Rows, to: Size): Rows {
  if (rows.size[0] === to[0] && rows.size[1] === to[1]) return rows;
  const ringing = resizedRows(changed(rows, premultiply), to, "lanczos");
  const plain = resizedRows(alphaOf(rows), to, "bilinear");
  const covered = new Float32Array(to[1]);
  return {
    size: to,
    channels: 4,
    read(y, left, right, into) {
      ringing.read(y, left, right, into);
      plain.read(y, left, right, covered);
      for (let x = 0, i = 0; x < right - left; x++, i += 4) straighten(into, i, covered[x]!);
    },
  };
}

function straighten(values: Float32Array, at: number, covered: number): void {
  const alpha = values[at + 3]!;
  if (alpha <= SHOWS || covered <= LEAST) {
    values.fill(0, at, at + 4);
    return;
  }
  for (let c = at; c < at + 3; c++) values[c] = clamped(values[c]! / alpha, 0, 1);
  values[at + 3] = covered >= 1 - LEAST ? 1 : clamped(alpha, 0, 1);
}

/** The alpha of an RGBA picture. */
export function alphaOf(rows: Rows): Rows {
  const pixels = new Float32Array(4 * rows.size[1]);
  return {
    size: rows.size,
    channels: 1,
    read(y, left, right, into) {
      rows.read(y, left, right, pixels);
      for (let x = 0; x < right - left; x++) into[x] = pixels[4 * x + 3]!;
    },
  };
}

/**
 * A picture blurred by a Gaussian of standard deviation `radiusPx`, the border repeated; made as it is read.
 *
 * Wide blurs are computed at reduced size, where nothing of them is lost. None is wider than the picture's longer side,
 * where it is all but flat already.
 */
export function gaussianBlur(rows: Rows, radiusPx: number): Rows {
  const [height, width] = rows.size;
  const radius = Math.min(radiusPx, Math.max(height, width));
  const reduction = Math.max(1, radius / 4);
  const size: Size = [Math.max(1, roundEven(height / reduction)), Math.max(1, roundEven(width / reduction))];
  const small = resizedRows(rows, size, "box");
  const blurred = filtered(
    small,
    gaussianTaps(size[0], (radius * size[0]) / height),
    gaussianTaps(size[1], (radius * size[1]) / width),
  );
  return changed(resizedRows(blurred, rows.size, "bicubic"), (values, count) => bound(values, count * rows.channels));
}

/** Makes numbers beyond 0 and 1 these. */
export function bound(values: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) values[i] = clamped(values[i]!, 0, 1);
}

/** A Gaussian of `sigma` along `length` pixels, as far as three of them; those beyond the ends are the last ones. */
function gaussianTaps(length: number, sigma: number): Taps {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / Math.max(sigma, 1e-3)) ** 2),
  );
  const sum = bell.reduce((total, tap) => total + tap, 0);
  const most = Math.min(length, 2 * reach + 1);
  const taps = {
    first: new Int32Array(length),
    counts: new Int32Array(length),
    weights: new Float64Array(length * most),
    most,
  };
  for (let place = 0; place < length; place++) {
    const first = Math.max(0, place - reach);
    taps.first[place] = first;
    taps.counts[place] = Math.min(length - 1, place + reach) - first + 1;
    bell.forEach((tap, i) => {
      const at = clamped(place + i - reach, 0, length - 1) - first;
      taps.weights[place * most + at]! += tap / sum;
    });
  }
  return taps;
}
