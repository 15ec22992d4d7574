/**
 * What the backdrop would look like without the subject: a smooth plate through the pixels where it shows. Sources are in
 * Python's `kernels/backdrop.py`. A plate is kept as the small grid that it is made on, and enlarged row by row.
 */
import type { Size } from "../pictures.ts";
import { solvedLinear } from "./linear.ts";
import { median } from "./quantile.ts";
import { gathered, resize, resizedRows, shrink } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import { type Rows, rowsOf } from "./rows.ts";
import type { Marks } from "./windows.ts";

/** Cells of the longer side that the plate is made of: light falls off over larger parts of a backdrop than a cell. */
const LONGEST = 256;
const [ROUNDS, TUKEY] = [12, 4.685];
/** Of a cell: with less of it known, what is around it counts as well. */
const ENOUGH = 0.25;
/** Powers of x and y up to the third together. */
const POWERS = [0, 1, 2, 3].flatMap((down) => Array.from({ length: 4 - down }, (_, across) => [across, down] as const));
const TERMS = POWERS.length;

/** Colours on a small grid, h×w×3. */
export interface Plate {
  readonly grid: Size;
  readonly colours: Float32Array;
}

/** Rows and columns of the plate's cells for a photo of this size. */
export function gridSize(size: Size): Size {
  const ratio = Math.min(1, LONGEST / Math.max(...size));
  return [Math.max(1, roundEven(size[0] * ratio)), Math.max(1, roundEven(size[1] * ratio))];
}

/** A plate at the photo's size. */
export function enlargedPlate({ grid, colours }: Plate, size: Size): Rows {
  return resizedRows(rowsOf(colours, grid, colours.length / (grid[0] * grid[1])), size, "bilinear");
}

/** The backdrop's colours as they are where it `shows` (H×W, 0 to 1) and smooth in between. */
export function plate(photo: Rows, shows: ArrayLike<number>): Plate {
  const grid = gridSize(photo.size);
  const known = shrink(weightsOf(shows, photo.size), grid, "box");
  return { grid, colours: filled(shrink(times(photo, shows), grid, "box"), known, grid) };
}

/** Weighted sums (h×w×c) over weights (h×w), where weights are small with what the blocks around them say. */
export function filled(sums: Float32Array, weight: Float32Array, size: Size): Float32Array {
  const channels = sums.length / weight.length;
  if (Math.min(...size) < 2) {
    const total = Math.max(
      weight.reduce((sum, value) => sum + value, 0),
      1e-9,
    );
    const means = Array.from({ length: channels }, (_, c) =>
      sums.reduce((sum, value, i) => (i % channels === c ? sum + value : sum), 0),
    );
    return sums.map((_, i) => means[i % channels]! / total);
  }
  const half: Size = [(size[0] + 1) >> 1, (size[1] + 1) >> 1];
  const coarse = filled(resize(sums, size, half, "box", channels), resize(weight, size, half, "box"), half);
  const behind = gathered(resizedRows(rowsOf(coarse, half, channels), size, "bilinear"));
  return sums.map((sum, i) => {
    const known = weight[Math.floor(i / channels)]!;
    return behind[i]! + Math.min(known / ENOUGH, 1) * (sum / Math.max(known, 1e-6) - behind[i]!);
  });
}

/**
 * The backdrop as a polynomial of the place, cubic, through the pixels that show it; the far ones count less.
 *
 * Unlike `plate` it does not follow what lies before the backdrop and looks much like it, and goes on behind the subject as
 * it falls off beside it.
 */
export function smoothPlate(photo: Rows, shows: Marks): Plate {
  const grid = gridSize(photo.size);
  const cells = shrink(weightsOf(shows, photo.size), grid, "box");
  const chosen = [...cells.keys()].filter((i) => cells[i]! > ENOUGH);
  if (chosen.length < 2 * TERMS) return plate(photo, shows);
  const sums = shrink(times(photo, shows), grid, "box");
  const terms = termsOf(grid);
  const wanted = [0, 1, 2].map((c) => Float64Array.from(chosen, (i) => sums[3 * i + c]! / Math.max(cells[i]!, 1e-6)));
  const trust = new Float64Array(chosen.length).fill(1);
  const far = new Float32Array(chosen.length);
  let fit = new Float64Array(3 * TERMS);
  const valueAt = (cell: number, c: number): number => {
    let sum = 0;
    for (let k = 0; k < TERMS; k++) sum += terms[TERMS * cell + k]! * fit[3 * k + c]!;
    return sum;
  };
  for (let round = 0; round < ROUNDS; round++) {
    fit = fitted(terms, chosen, trust, wanted);
    for (let i = 0; i < chosen.length; i++) {
      let square = 0;
      for (let c = 0; c < 3; c++) square += (wanted[c]![i]! - valueAt(chosen[i]!, c)) ** 2;
      far[i] = Math.sqrt(square);
    }
    const reach = TUKEY * Math.max(median(far) * 1.4826, 1e-4);
    for (let i = 0; i < far.length; i++) trust[i] = far[i]! < reach ? (1 - (far[i]! / reach) ** 2) ** 2 : 0;
  }
  const colours = sums.map((_, i) => clamped(valueAt(Math.floor(i / 3), i % 3), 0, 1));
  return { grid, colours };
}

/** How far each pixel's colour is from the plate's, H×W. */
export function farFrom(photo: Rows, behind: Plate): Float32Array {
  const { size } = photo;
  const result = new Float32Array(size[0] * size[1]);
  eachRow(photo, behind, (y, own, back) => {
    for (let x = 0, i = y * size[1]; x < own.length; x += 3, i++) {
      const [red, green, blue] = [own[x]! - back[x]!, own[x + 1]! - back[x + 1]!, own[x + 2]! - back[x + 2]!];
      result[i] = Math.sqrt(red * red + green * green + blue * blue);
    }
  });
  return result;
}

/** Calls `work` with each row of a photo and of what is behind it. */
export function eachRow(
  photo: Rows,
  behind: Plate,
  work: (y: number, own: Float32Array, back: Float32Array) => void,
): void {
  const [height, width] = photo.size;
  const plates = enlargedPlate(behind, photo.size);
  const [own, back] = [new Float32Array(3 * width), new Float32Array(3 * width)];
  for (let y = 0; y < height; y++) {
    photo.read(y, 0, width, own);
    plates.read(y, 0, width, back);
    work(y, own, back);
  }
}

/** The plate, nearer to the photo where it `shows`: what the two differ by there is put on top. */
export function bettered(photo: Rows, behind: Plate, shows: Marks): Plate {
  const plates = enlargedPlate(behind, photo.size);
  const back = new Float32Array(3 * photo.size[1]);
  const rest: Rows = {
    ...photo,
    read(y, left, right, into) {
      photo.read(y, left, right, into);
      plates.read(y, left, right, back);
      for (let i = 0; i < 3 * (right - left); i++) into[i]! -= back[i]!;
    },
  };
  const more = plate(rest, shows).colours;
  return { grid: behind.grid, colours: behind.colours.map((value, i) => value + more[i]!) };
}

/** Weights or marks, H×W, as rows. */
export function weightsOf(weights: ArrayLike<number>, size: Size): Rows {
  return {
    size,
    channels: 1,
    read(y, left, right, into) {
      for (let x = left, i = 0; x < right; x++, i++) into[i] = weights[y * size[1] + x]!;
    },
  };
}

/** A picture each of whose pixels is multiplied by its weight, H×W. */
export function times(rows: Rows, weight: ArrayLike<number>): Rows {
  const { channels, size } = rows;
  return {
    ...rows,
    read(y, left, right, into) {
      rows.read(y, left, right, into);
      for (let x = left, i = 0; x < right; x++) {
        const share = weight[y * size[1] + x]!;
        for (let c = 0; c < channels; c++, i++) into[i]! *= share;
      }
    },
  };
}

function termsOf([height, width]: Size): Float64Array {
  const result = new Float64Array(TERMS * height * width);
  const place = (at: number, count: number): number => (count > 1 ? -1 + (2 * at) / (count - 1) : -1);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [across, down] of POWERS) result[i++] = place(x, width) ** across * place(y, height) ** down;
    }
  }
  return result;
}

/** Weighted least squares at the chosen cells, `TERMS`×3. */
function fitted(
  terms: Float64Array,
  chosen: readonly number[],
  trust: Float64Array,
  wanted: readonly Float64Array[],
): Float64Array<ArrayBuffer> {
  const [matrix, right] = [new Float64Array(TERMS * TERMS), new Float64Array(3 * TERMS)];
  chosen.forEach((cell, i) => {
    const from = TERMS * cell;
    for (let row = 0; row < TERMS; row++) {
      const share = terms[from + row]! * trust[i]!;
      for (let column = 0; column < TERMS; column++) matrix[row * TERMS + column]! += share * terms[from + column]!;
      for (let c = 0; c < 3; c++) right[3 * row + c]! += share * wanted[c]![i]!;
    }
  });
  // Places that lie in few lines do not tell all of the terms: those are held at zero.
  for (let row = 0; row < TERMS; row++) matrix[row * TERMS + row]! += 1e-9;
  return Float64Array.from(solvedLinear(matrix, right, 3));
}
