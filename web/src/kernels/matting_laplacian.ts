/**
 * Alpha that is, in each square of 3×3 pixels, a linear function of their colours; Python's `kernels/matting_laplacian.py`
 * has the papers. The matrix is made here, as 25 numbers a pixel: applied many times, that is quicker in JavaScript.
 */
import type { Size } from "../pictures.ts";
import type { Marks } from "./windows.ts";

const WINDOW = 9;
/** A pixel's neighbours that share a window with it, itself among them: 5×5. */
const REACH = 2;
const NEIGHBOURS = (2 * REACH + 1) ** 2;
/** The diagonal is at least this part of what it is for a pixel that no window explains. */
const LEAST_SHARE = 0.02;

/** The rows of the matrix at the marked pixels. */
export interface Laplacian {
  readonly size: Size;
  /** Where the marks are, row by row. */
  readonly places: Int32Array;
  /** `NEIGHBOURS` numbers a mark. */
  readonly rows: Float64Array;
  readonly diagonal: Float64Array;
}

/** `planes` is 3×h×w; `epsilon` is the colours' variance below which a window counts as of one colour. */
export function mattingLaplacian(planes: Float32Array, size: Size, marks: Marks, epsilon: number): Laplacian {
  const [height, width] = size;
  const numbers = new Int32Array(height * width).fill(-1);
  const found: number[] = [];
  for (let i = 0; i < marks.length; i++) if (marks[i]) numbers[i] = found.push(i) - 1;
  const places = Int32Array.from(found);
  const rows = new Float64Array(NEIGHBOURS * places.length);
  const counts = new Float64Array(places.length);
  const colours = new Float64Array(3 * WINDOW);
  const lines = new Float64Array(3 * WINDOW);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if (!touches(numbers, at, width)) continue;
      explain(planes, height * width, at, width, epsilon, colours, lines);
      add(rows, counts, numbers, at, width, colours, lines);
    }
  }
  const diagonal = new Float64Array(places.length).fill(1);
  if (Math.min(height, width) >= 3) {
    const own = REACH * (2 * REACH + 1) + REACH;
    for (let i = 0; i < places.length; i++) {
      diagonal[i] = Math.max(rows[i * NEIGHBOURS + own]!, LEAST_SHARE * counts[i]! + LEAST_SHARE);
    }
  }
  return { size, places, rows, diagonal };
}

function touches(numbers: Int32Array, at: number, width: number): boolean {
  for (let down = -width; down <= width; down += width) {
    if (numbers[at + down - 1]! >= 0 || numbers[at + down]! >= 0 || numbers[at + down + 1]! >= 0) return true;
  }
  return false;
}

/** A window's colours from their mean, and the inverse covariance times them. */
function explain(
  planes: Float32Array,
  count: number,
  at: number,
  width: number,
  epsilon: number,
  colours: Float64Array,
  lines: Float64Array,
): void {
  const mean = [0, 0, 0];
  for (let k = 0; k < WINDOW; k++) {
    const pixel = at + (Math.trunc(k / 3) - 1) * width + (k % 3) - 1;
    for (let c = 0; c < 3; c++) {
      const value = planes[c * count + pixel]!;
      colours[3 * k + c] = value;
      mean[c]! += value / WINDOW;
    }
  }
  let [a, b, c, d, e, f] = [epsilon, 0, 0, epsilon, 0, epsilon];
  for (let k = 0; k < 3 * WINDOW; k += 3) {
    for (let c = 0; c < 3; c++) colours[k + c]! -= mean[c]!;
    const [red, green, blue] = [colours[k]!, colours[k + 1]!, colours[k + 2]!];
    a += (red * red) / WINDOW;
    b += (red * green) / WINDOW;
    c += (red * blue) / WINDOW;
    d += (green * green) / WINDOW;
    e += (green * blue) / WINDOW;
    f += (blue * blue) / WINDOW;
  }
  const [aa, bb, cc] = [d * f - e * e, c * e - b * f, b * e - c * d];
  const [dd, ee, ff] = [a * f - c * c, b * c - a * e, a * d - b * b];
  const scale = 1 / (a * aa + b * bb + c * cc);
  for (let k = 0; k < 3 * WINDOW; k += 3) {
    const [red, green, blue] = [colours[k]!, colours[k + 1]!, colours[k + 2]!];
    lines[k] = (aa * red + bb * green + cc * blue) * scale;
    lines[k + 1] = (bb * red + dd * green + ee * blue) * scale;
    lines[k + 2] = (cc * red + ee * green + ff * blue) * scale;
  }
}

/** Adds what one window says of each pair of its pixels, of which the first is marked. */
function add(
  rows: Float64Array,
  counts: Float64Array,
  numbers: Int32Array,
  at: number,
  width: number,
  colours: Float64Array,
  lines: Float64Array,
): void {
  for (let i = 0; i < WINDOW; i++) {
    const [y, x] = [Math.trunc(i / 3), i % 3];
    const number = numbers[at + (y - 1) * width + x - 1]!;
    if (number < 0) continue;
    counts[number]!++;
    const from = number * NEIGHBOURS;
    const [red, green, blue] = [lines[3 * i]!, lines[3 * i + 1]!, lines[3 * i + 2]!];
    for (let j = 0, k = 0; j < WINDOW; j++, k += 3) {
      const to = (Math.trunc(j / 3) - y + REACH) * (2 * REACH + 1) + (j % 3) - x + REACH;
      rows[from + to]! -= (1 + red * colours[k]! + green * colours[k + 1]! + blue * colours[k + 2]!) / WINDOW;
    }
    rows[from + REACH * (2 * REACH + 1) + REACH]! += 1;
  }
}

/** What the matrix makes of `field` (h×w) at the marks. */
function atMarks({ size, places, rows }: Laplacian, field: Float64Array, result: Float64Array): void {
  const [height, width] = size;
  for (let i = 0, k = 0; i < places.length; i++, k += NEIGHBOURS) {
    const place = places[i]!;
    const y = Math.trunc(place / width);
    const x = place - y * width;
    let sum = 0;
    if (y >= REACH && x >= REACH && y < height - REACH && x < width - REACH) {
      let n = k;
      for (let at = place - REACH * width - REACH, down = 0; down <= 2 * REACH; down++, at += width, n += 5) {
        sum +=
          rows[n]! * field[at]! +
          rows[n + 1]! * field[at + 1]! +
          rows[n + 2]! * field[at + 2]! +
          rows[n + 3]! * field[at + 3]! +
          rows[n + 4]! * field[at + 4]!;
      }
    } else {
      for (let n = 0; n < NEIGHBOURS; n++) {
        const value = rows[k + n]!;
        if (value === 0) continue; // beyond the picture there is none
        sum += value * field[place + (Math.trunc(n / 5) - REACH) * width + (n % 5) - REACH]!;
      }
    }
    result[i] = sum;
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}

/**
 * Alpha, h×w, that has the least of the quadratic form plus Σ weight (alpha − guess)². Pixels that are not marked stay as
 * they are in `start`. Ends after `mostRounds`, or where the residual, as the preconditioner weighs it, is `tolerance` of
 * what it was for a first guess of one half.
 */
export function solve(
  laplacian: Laplacian,
  start: Float32Array,
  guess: Float32Array,
  weight: Float32Array,
  tolerance: number,
  mostRounds: number,
): Float32Array {
  const { places, diagonal } = laplacian;
  const count = places.length;
  const pick = (plane: Float32Array): Float64Array => Float64Array.from(places, (place) => plane[place]!);
  const [trusted, wanted, alpha] = [pick(weight), pick(guess), pick(start)];
  const inverse = diagonal.map((value, i) => 1 / (value + trusted[i]!));
  const field = Float64Array.from(start);
  const change = new Float64Array(count);
  const put = (values: Float64Array): void => {
    for (let i = 0; i < count; i++) field[places[i]!] = values[i]!;
    atMarks(laplacian, field, change);
  };
  const residual = (values: Float64Array): Float64Array => {
    put(values);
    return values.map((value, i) => trusted[i]! * (wanted[i]! - value) - change[i]!);
  };
  const weighed = (values: Float64Array): Float64Array => values.map((value, i) => value * inverse[i]!);

  const wrong = residual(new Float64Array(count).fill(0.5));
  const goal = tolerance ** 2 * dot(wrong, weighed(wrong));
  const rest = residual(alpha);
  const step = weighed(rest);
  let size = dot(rest, step);
  field.fill(0);
  for (let round = 0; round < mostRounds && size > goal; round++) {
    put(step);
    for (let i = 0; i < count; i++) change[i]! += trusted[i]! * step[i]!;
    const length = size / dot(step, change);
    let next = 0;
    for (let i = 0; i < count; i++) {
      alpha[i]! += length * step[i]!;
      rest[i]! -= length * change[i]!;
      next += rest[i]! * rest[i]! * inverse[i]!;
    }
    const share = next / size;
    for (let i = 0; i < count; i++) step[i] = step[i]! * share + rest[i]! * inverse[i]!;
    size = next;
  }
  const result = start.slice();
  for (let i = 0; i < count; i++) result[places[i]!] = alpha[i]!;
  return result;
}
