/**
 * A subject in front of a screen of one strong colour: its matte and its own colours, from the colours alone. Sources are in
 * Python's `kernels/chroma.py`. Worked on row by row: what is smooth is kept on a small grid.
 */
import type { Size } from "../pictures.ts";
import {
  bettered,
  eachRow,
  enlargedPlate,
  farFrom,
  filled,
  gridSize,
  type Plate,
  smoothPlate,
  times,
  weightsOf,
} from "./backdrop.ts";
import { label, spread } from "./pieces.ts";
import { median, picked, quantile } from "./quantile.ts";
import { shrink } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import type { Rows } from "./rows.ts";
import { excessOf, LEAST_EXCESS, type Rgb } from "./screen.ts";
import { type Marks, markedWhere } from "./windows.ts";

/** A pixel is like the screen with this part of its saturation, and this part of its excess. */
const [SIMILAR, DARKEST] = [0.8, 0.4];
const [ROUNDS, FAR, LEAST_FAR] = [3, 2, 0.01];
/** With this part of the screen's excess or less, and so many px beyond, a pixel is surely the subject's. */
const [NONE, GROWN] = [Math.fround(0.08), 2];
const LEAST_VARIANCE = 2e-3;
const [SIGMAS, DOUBTS] = [3, 1];
/** What is at least this for so many px around has no edge in it: a part that is a little of the screen's hue. */
const [SOLID, SOLID_PX] = [Math.fround(0.8), 3];
const UNSURE = Math.fround(0.03);
/** How far into the subject spill is looked for, of the shorter side; beyond, so much is free of it. */
const [SPILL, USUAL] = [0.01, 0.98];

/** `alpha` H×W in [0, 1], and `rgb`, the subject's own colours, H×W×3 in 16 bits, near it where alpha is 0. */
export interface Keyed {
  readonly alpha: Float32Array;
  readonly rgb: Uint16Array;
}

/** The subject in front of a screen of that colour; `despill`, 0 to 1, is how much of its light is taken off the edges. */
export function key(photo: Rows, screen: Rgb, despill: number): Keyed {
  const channel = screen.indexOf(Math.max(...screen));
  const { behind, shows } = screenBehind(photo, likeScreen(photo, screen, channel));
  const touched = new Uint8Array(shows.length);
  eachRow(photo, behind, (y, own, back) => {
    for (let x = 0, i = y * photo.size[1]; x < own.length; x += 3, i++) {
      const whole = Math.max(excessAt(back, x, channel), LEAST_EXCESS / 2);
      if (excessAt(own, x, channel) > NONE * whole) touched[i] = 1;
    }
  });
  const own = spread(touched, photo.size, GROWN).map((mark) => 1 - mark);
  const way = discriminant(photo, behind, own);
  const { alpha, doubt } = projected(photo, behind, way);
  const settledAlpha = settled(alpha, doubt, own, shows, photo.size);
  return { alpha: settledAlpha, rgb: colours(photo, behind, way, settledAlpha, channel, despill) };
}

function excessAt(values: Float32Array, at: number, channel: number): number {
  return excessOf(values[at]!, values[at + 1]!, values[at + 2]!, channel);
}

/** Pixels of about the screen's colour, be they lighter or darker. */
function likeScreen(photo: Rows, screen: Rgb, channel: number): Marks {
  const [height, width] = photo.size;
  const whole = excessOf(...screen, channel);
  const similar = Math.fround((SIMILAR * whole) / screen[channel]!);
  const marks = new Uint8Array(height * width);
  const row = new Float32Array(3 * width);
  for (let y = 0, i = 0; y < height; y++) {
    photo.read(y, 0, width, row);
    for (let x = 0; x < row.length; x += 3, i++) {
      const excess = Math.fround(excessAt(row, x, channel));
      const share = Math.fround(excess / Math.max(row[x + channel]!, Math.fround(1e-3)));
      if (share > similar && excess > Math.fround(DARKEST * whole)) marks[i] = 1;
    }
  }
  return marks;
}

/** The screen without the subject, and where it shows: a polynomial first, then what it differs by. */
function screenBehind(photo: Rows, like: Marks): { behind: Plate; shows: Marks } {
  let behind = smoothPlate(photo, like);
  let shows = like;
  for (let round = 0; round < ROUNDS; round++) {
    const far = farFrom(photo, behind);
    const near = picked(far, like);
    const reach = Math.max(FAR * (near.length ? median(near) : 0), LEAST_FAR);
    shows = like.map((is, i) => (is && far[i]! < reach ? 1 : 0));
    behind = bettered(photo, behind, shows);
  }
  return { behind, shows };
}

/** Around each cell: the subject's mean colour (3), the direction along which alpha goes from 0 to 1 (3), and how far off its own pixels are on that way. */
function discriminant(photo: Rows, behind: Plate, own: Marks): Plate {
  const grid = gridSize(photo.size);
  const cells = shrink(weightsOf(own, photo.size), grid, "box");
  const moments = filled(shrink(times(momentsOf(photo), own), grid, "box"), cells, grid);
  const back = shrink(enlargedPlate(behind, photo.size), grid, "box");
  const result = new Float32Array(7 * cells.length);
  for (let i = 0; i < cells.length; i++) {
    const [red, green, blue, rr, rg, rb, gg, gb, bb] = moments.subarray(9 * i, 9 * i + 9) as unknown as number[];
    const towards = [red! - back[3 * i]!, green! - back[3 * i + 1]!, blue! - back[3 * i + 2]!] as const;
    // The covariance, symmetric: rows (a, b, c), (b, d, e), (c, e, f).
    const [a, b, c] = [rr! - red! * red! + LEAST_VARIANCE, rg! - red! * green!, rb! - red! * blue!];
    const [d, e] = [gg! - green! * green! + LEAST_VARIANCE, gb! - green! * blue!];
    const f = bb! - blue! * blue! + LEAST_VARIANCE;
    const [aa, ab, ac] = [d * f - e * e, c * e - b * f, b * e - c * d];
    const [dd, de, ff] = [a * f - c * c, b * c - a * e, a * d - b * b];
    const determinant = a * aa + b * ab + c * ac;
    const [x, y, z] = towards;
    const way = [aa * x + ab * y + ac * z, ab * x + dd * y + de * z, ac * x + de * y + ff * z].map(
      (value) => value / determinant,
    );
    const distance = Math.max(way[0]! * x + way[1]! * y + way[2]! * z, 1e-6);
    result.set([red!, green!, blue!, ...way.map((value) => value / distance), 1 / Math.sqrt(distance)], 7 * i);
  }
  return { grid, colours: result };
}

/** Colours and their products, 9 a pixel. */
function momentsOf(photo: Rows): Rows {
  const row = new Float32Array(3 * photo.size[1]);
  return {
    size: photo.size,
    channels: 9,
    read(y, left, right, into) {
      photo.read(y, left, right, row);
      for (let x = 0, i = 0; x < 3 * (right - left); x += 3, i += 9) {
        const [red, green, blue] = [row[x]!, row[x + 1]!, row[x + 2]!];
        into[i] = red;
        into[i + 1] = green;
        into[i + 2] = blue;
        into[i + 3] = red * red;
        into[i + 4] = red * green;
        into[i + 5] = red * blue;
        into[i + 6] = green * green;
        into[i + 7] = green * blue;
        into[i + 8] = blue * blue;
      }
    },
  };
}

/** Alpha as the colours have it, and how far off the subject's own pixels are; both H×W. */
function projected(photo: Rows, behind: Plate, way: Plate): { alpha: Float32Array; doubt: Float32Array } {
  const [height, width] = photo.size;
  const ways = enlargedPlate(way, photo.size);
  const row = new Float32Array(7 * width);
  const [alpha, doubt] = [new Float32Array(height * width), new Float32Array(height * width)];
  eachRow(photo, behind, (y, own, back) => {
    ways.read(y, 0, width, row);
    for (let x = 0, w = 0, i = y * width; x < own.length; x += 3, w += 7, i++) {
      alpha[i] =
        (own[x]! - back[x]!) * row[w + 3]! +
        (own[x + 1]! - back[x + 1]!) * row[w + 4]! +
        (own[x + 2]! - back[x + 2]!) * row[w + 5]!;
      doubt[i] = row[w + 6]!;
    }
  });
  return { alpha, doubt };
}

/** `alpha` in [0, 1], 0 and 1 where noise is all that keeps it from that, and 1 inside the subject. */
function settled(alpha: Float32Array, doubt: Float32Array, own: Marks, shows: Marks, size: Size): Float32Array {
  const bare = picked(alpha, shows).map(Math.abs);
  const low = SIGMAS * (bare.length ? median(bare) * 1.4826 : 0);
  const around = meanOfNine(alpha, size);
  let result = alpha.map((value, i) => {
    if (value < low && around[i]! < low / 2) return 0;
    const high = DOUBTS * doubt[i]!;
    return value > 1 - high && around[i]! > 1 - high / 2 ? 1 : value;
  });
  const isBelow = markedWhere(result, (value) => value < SOLID);
  const soft = spread(isBelow, size, SOLID_PX);
  result = result.map((value, i) => (own[i] || !soft[i] ? 1 : value));
  // What shows no screen anywhere is a reflection or a colour of the subject's.
  const { labels, count } = label(
    own.map((mark) => 1 - mark),
    size,
  );
  const touched = new Uint8Array(count + 1);
  labels.forEach((piece, i) => {
    if (shows[i]) touched[piece] = 1;
  });
  touched[0] = 1;
  return result.map((value, i) => (touched[labels[i]!] ? clamped(value, 0, 1) : 1));
}

/** The mean of 3×3 pixels, those at the border repeated. */
function meanOfNine(plane: Float32Array, [height, width]: Size): Float32Array {
  const result = new Float32Array(plane.length);
  const columns = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const [above, below] = [Math.max(0, y - 1) * width, Math.min(height - 1, y + 1) * width];
    for (let x = 0; x < width; x++) columns[x] = plane[above + x]! + plane[y * width + x]! + plane[below + x]!;
    for (let x = 0; x < width; x++) {
      result[y * width + x] = (columns[Math.max(0, x - 1)]! + columns[x]! + columns[Math.min(width - 1, x + 1)]!) / 9;
    }
  }
  return result;
}

/** The subject's own colours: the screen taken out, and where little is left to see, those around. */
function colours(
  photo: Rows,
  behind: Plate,
  way: Plate,
  alpha: Float32Array,
  channel: number,
  despill: number,
): Uint16Array {
  const { size } = photo;
  const width = size[1];
  const edge = markedWhere(alpha, (value) => value > 0 && value < 1);
  const near = spread(edge, size, Math.max(1, roundEven(SPILL * Math.min(...size))));
  const allowed = allowedExcess(photo, alpha, near, channel);
  const ways = enlargedPlate(way, size);
  const row = new Float32Array(7 * width);
  const result = new Uint16Array(3 * alpha.length);
  const own = new Float32Array(3);
  eachRow(photo, behind, (y, seen, back) => {
    ways.read(y, 0, width, row);
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const share = alpha[i]!;
      const trust = share ** 2 / (share ** 2 + UNSURE);
      for (let c = 0; c < 3; c++) {
        const [value, mean] = [seen[3 * x + c]!, row[7 * x + c]!];
        const alone = (value - (1 - share) * back[3 * x + c]!) / Math.max(share, 1e-3);
        own[c] = share === 1 ? value : clamped(mean + trust * (alone - mean), 0, 1);
      }
      if (near[i] && share > 0) own[channel]! -= despill * Math.max(excessAt(own, 0, channel) - allowed, 0);
      for (let c = 0; c < 3; c++) result[3 * i + c] = clamped(own[c]!, 0, 1) * 65535 + 0.5;
    }
  });
  return result;
}

/** How much of the screen's channel the subject has where no screen is near. */
function allowedExcess(photo: Rows, alpha: Float32Array, near: Marks, channel: number): number {
  const width = photo.size[1];
  const inner = new Float32Array(alpha.length);
  const row = new Float32Array(3 * width);
  let count = 0;
  for (let y = 0, i = 0; y < photo.size[0]; y++) {
    photo.read(y, 0, width, row);
    for (let x = 0; x < row.length; x += 3, i++) {
      if (alpha[i] === 1 && !near[i]) inner[count++] = excessAt(row, x, channel);
    }
  }
  return count ? Math.max(0, quantile(inner.slice(0, count), USUAL)) : 0;
}
