/** The filters of Pillow's resampling, as weights of the pixels that each new pixel looks at, and pictures by them. */
import type { Resample } from "../pictures.ts";
import type { Rows } from "./rows.ts";

/** For each new pixel the `first` of the `counts` pixels it looks at; its weights lie from `most` times its place on. */
export interface Taps {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float64Array;
  readonly most: number;
}

const SUPPORTS: Record<Resample, number> = { box: 0.5, bilinear: 1, bicubic: 2, lanczos: 3 };

const FILTERS: Record<Resample, (x: number) => number> = {
  box: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0),
  bilinear: (x) => Math.max(0, 1 - Math.abs(x)),
  bicubic: (x) => {
    const far = Math.abs(x);
    if (far >= 2) return 0;
    return far < 1 ? (1.5 * far - 2.5) * far * far + 1 : ((-0.5 * far + 2.5) * far - 4) * far + 2;
  },
  lanczos: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0),
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/** The weights that bring `before` pixels to `after`; the support grows where they become fewer, so nothing aliases. */
export function tapsOf(before: number, after: number, resample: Resample): Taps {
  const scale = before / after;
  const stretch = Math.max(1, scale);
  const support = SUPPORTS[resample] * stretch;
  const filter = FILTERS[resample];
  const most = Math.ceil(support) * 2 + 1;
  const taps = {
    first: new Int32Array(after),
    counts: new Int32Array(after),
    weights: new Float64Array(after * most),
    most,
  };
  for (let place = 0; place < after; place++) {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(before, Math.trunc(centre + support + 0.5)) - first;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const weight = filter((i + first - centre + 0.5) * (1 / stretch));
      taps.weights[place * most + i] = weight;
      sum += weight;
    }
    if (sum !== 0) for (let i = 0; i < count; i++) taps.weights[place * most + i]! /= sum;
    taps.first[place] = first;
    taps.counts[place] = count;
  }
  return taps;
}

/** A picture whose rows and columns are weighted by taps (null: left as they are), made as it is read. */
export function filtered(rows: Rows, down: Taps | null, across: Taps | null): Rows {
  const { channels } = rows;
  const [height, width] = rows.size;
  const wide = across ? acrossBy(rows, across) : rows;
  if (down === null) return wide;
  const columns = across ? across.first.length : width;
  // The rows that are looked at, each at its place in turn: those from `start` to before `next`, as far as they fit.
  const ring = Array.from({ length: down.most }, () => new Float32Array(columns * channels));
  let [start, next] = [0, 0];
  const sums = new Float64Array(columns * channels);
  return {
    size: [down.first.length, columns],
    channels,
    read(y, left, right, into) {
      const first = down.first[y]!;
      const stop = Math.min(height, first + down.counts[y]!);
      if (first < Math.max(start, next - down.most) || first > next) {
        start = first;
        next = first;
      }
      for (; next < stop; next++) wide.read(next, 0, columns, ring[next % down.most]!);
      sums.fill(0);
      for (let row = first, i = y * down.most; row < stop; row++, i++) {
        add(sums, ring[row % down.most]!, down.weights[i]!);
      }
      if (right - left < columns) into.set(sums.subarray(left * channels, right * channels));
      else into.set(sums);
    },
  };
}

function add(sums: Float64Array, row: Float32Array, weight: number): void {
  if (weight !== 0) for (let i = 0; i < sums.length; i++) sums[i]! += weight * row[i]!;
}

function acrossBy(rows: Rows, taps: Taps): Rows {
  const { channels } = rows;
  const [height, width] = rows.size;
  const whole = new Float32Array(width * channels);
  const weigh = channels === 3 ? weighColours : weighNumbers;
  return {
    size: [height, taps.first.length],
    channels,
    read(y, left, right, into) {
      rows.read(y, 0, width, whole);
      weigh(whole, taps, left, right, channels, into);
    },
  };
}

type Weigh = (
  values: Float32Array,
  taps: Taps,
  left: number,
  right: number,
  channels: number,
  into: Float32Array,
) => void;

const weighNumbers: Weigh = (values, { first, counts, weights, most }, left, right, channels, into) => {
  for (let place = left, o = 0; place < right; place++) {
    for (let c = 0; c < channels; c++, o++) {
      let sum = 0;
      let at = first[place]! * channels + c;
      for (let i = place * most, end = i + counts[place]!; i < end; i++, at += channels)
        sum += weights[i]! * values[at]!;
      into[o] = sum;
    }
  }
};

const weighColours: Weigh = (values, { first, counts, weights, most }, left, right, _, into) => {
  for (let place = left, o = 0; place < right; place++, o += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let at = first[place]! * 3;
    for (let i = place * most, end = i + counts[place]!; i < end; i++, at += 3) {
      const weight = weights[i]!;
      red += weight * values[at]!;
      green += weight * values[at + 1]!;
      blue += weight * values[at + 2]!;
    }
    into[o] = red;
    into[o + 1] = green;
    into[o + 2] = blue;
  }
};
