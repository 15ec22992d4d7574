/**
 * A subject in front of a screen of one strong colour: its matte and its own colours, from the colours alone. Sources are in
 * Python's `kernels/chroma.py`. Worked on row by row: what is smooth is kept on a small grid.
 */
import type { Size } from "../pictures.ts";
import { bettered, eachRow, enlargedPlate, farFrom, type Plate, smoothPlate } from "./backdrop.ts";
import { discriminant } from "./discriminant.ts";
import { label, spread } from "./pieces.ts";
import { median, picked, quantile } from "./quantile.ts";
import { clamped, roundEven } from "./rounding.ts";
import type { Rows } from "./rows.ts";
import { excessOf, LEAST_EXCESS, type Rgb } from "./screen.ts";
import { smoothPlaces, solidParts } from "./solid_parts.ts";
import { type Marks, markedWhere } from "./windows.ts";

/** A pixel is like the screen with this part of its saturation, and this part of its excess. */
const [SIMILAR, DARKEST] = [0.8, 0.4];
const [ROUNDS, FAR, LEAST_FAR] = [3, 2, 0.01];
/** With this part of the screen's excess or less, and so many px beyond, a pixel is surely the subject's. */
const [NONE, GROWN] = [Math.fround(0.08), 2];
/** What has no more of the screen's excess for so many px around, and no smooth surface, is hair whose colours count. */
const [DENSE, DENSE_PX] = [Math.fround(0.25), 3];
/** So many px around, solid parts of the screen's hue count as the subject's own colours. */
const BESIDE = 3;
const [SIGMAS, DOUBTS] = [3, 1];
/** What is at least this for so many px around has no edge in it: a part that is a little of the screen's hue. */
const [SOLID, SOLID_PX] = [Math.fround(0.8), 3];
const UNSURE = Math.fround(0.03);
/** How far into the subject spill is looked for, of the shorter side; beyond, so much is free of it. And this many times what the subject has of the screen's hue around is none. */
const [SPILL, USUAL, OWN_HUE] = [0.01, 0.98, Math.fround(1.2)];

/** `alpha` H×W in [0, 1], and `rgb`, the subject's own colours, H×W×3 in 16 bits, near it where alpha is 0. */
export interface Keyed {
  readonly alpha: Float32Array;
  readonly rgb: Uint16Array;
}

/** The subject in front of a screen of that colour; `despill`, 0 to 1, is how much of its light is taken off the edges. */
export function key(photo: Rows, screen: Rgb, despill: number): Keyed {
  const channel = screen.indexOf(Math.max(...screen));
  const { behind, shows } = screenBehind(photo, likeScreen(photo, screen, channel));
  const [touched, hazy] = [new Uint8Array(shows.length), new Uint8Array(shows.length)];
  eachRow(photo, behind, (y, own, back) => {
    for (let x = 0, i = y * photo.size[1]; x < own.length; x += 3, i++) {
      const whole = Math.max(excessAt(back, x, channel), LEAST_EXCESS / 2);
      const excess = excessAt(own, x, channel);
      if (excess > NONE * whole) touched[i] = 1;
      if (excess > DENSE * whole) hazy[i] = 1;
    }
  });
  const sure = spread(touched, photo.size, GROWN).map((mark) => 1 - mark);
  const { own, ways } = ownColours(photo, behind, sure, shows, spread(hazy, photo.size, DENSE_PX));
  const { alpha, doubt } = projected(photo, behind, ways);
  const settledAlpha = settled(alpha, doubt, own, shows, photo.size);
  return { alpha: settledAlpha, rgb: colours(photo, behind, ways, settledAlpha, channel, despill) };
}

/** What is the subject's `own` in all, and the discriminant at each pixel; `hazy` is near what has much of the screen. */
function ownColours(photo: Rows, behind: Plate, sure: Marks, shows: Marks, hazy: Marks): { own: Marks; ways: Rows } {
  const far = farFrom(photo, behind);
  const smooth = smoothPlaces(photo, far);
  const dense = (own: Marks): Marks => own.map((is, i) => (is || (!hazy[i] && !smooth[i]) ? 1 : 0));
  const ways = enlargedPlate(discriminant(photo, behind, dense(sure)), photo.size);
  const solid = solidParts(photo, behind, { own: sure, shows, far, smooth });
  if (!solid.includes(1)) return { own: sure, ways };
  // Elsewhere the colours of what is nearby decide, which are often others.
  const own = sure.map((is, i) => is | solid[i]!);
  const there = enlargedPlate(discriminant(photo, behind, dense(own)), photo.size);
  return { own, ways: chosen(ways, there, spread(solid, photo.size, BESIDE)) };
}

/** One picture's pixels, where marked the other's. */
function chosen(one: Rows, other: Rows, marks: Marks): Rows {
  const { size, channels } = one;
  const row = new Float32Array(channels * size[1]);
  return {
    ...one,
    read(y, left, right, into) {
      one.read(y, left, right, into);
      const there = marks.subarray(y * size[1] + left, y * size[1] + right);
      if (!there.includes(1)) return;
      other.read(y, left, right, row);
      for (let x = 0; x < there.length; x++) {
        if (there[x]) into.set(row.subarray(channels * x, channels * (x + 1)), channels * x);
      }
    },
  };
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

/** Alpha as the colours have it, and how far off the subject's own pixels are; both H×W. */
function projected(photo: Rows, behind: Plate, ways: Rows): { alpha: Float32Array; doubt: Float32Array } {
  const [height, width] = photo.size;
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
  ways: Rows,
  alpha: Float32Array,
  channel: number,
  despill: number,
): Uint16Array {
  const { size } = photo;
  const width = size[1];
  const edge = markedWhere(alpha, (value) => value > 0 && value < 1);
  const near = spread(edge, size, Math.max(1, roundEven(SPILL * Math.min(...size))));
  const usual = allowedExcess(photo, alpha, near, channel);
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
      const allowed = Math.max(OWN_HUE * excessAt(row, 7 * x, channel), usual);
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
