/**
 * The largest or least value within a disc, quickly: by short lines in eight directions.
 *
 * A disc is put together from lines of pixels whose steps are whole: along and across, aslant, and as a knight moves.
 * R. Jones, P. Soille, "Periodic lines: definition, cascades, and application to granulometries", Pattern Recognition
 * Letters 17, 1996. With whole steps an edge moves without being blurred.
 */
import { clamped, roundEven } from "./rounding.ts";

/** Steps of the three kinds of lines, (down, across): a square, a diamond and a polygon of eight sides. */
const LINES = [
  [
    [0, 1],
    [1, 0],
  ],
  [
    [1, 1],
    [1, -1],
  ],
  [
    [1, 2],
    [2, 1],
    [2, -1],
    [1, -2],
  ],
] as const;
/** How far a line of three pixels of each kind, in all its directions, takes an edge that is upright. */
const REACHES = [1, 2, 6] as const;
/** Directions in which a disc is compared with a circle; the rest is the same, mirrored. */
const TURNS = Array.from({ length: 33 }, (_, i) => (i / 32) * (Math.PI / 4));

/**
 * How a disc is put together: of crosses, and of lines of 2n + 1 pixels, n for each kind of lines.
 *
 * What that makes is mixed with what one cross or square more makes of it: `share` of the way, and of that, `square` in 1
 * is the square's. `reach` is how far it goes from its middle, in pixels along either side.
 */
export interface Disc {
  readonly crosses: number;
  readonly lines: readonly [number, number, number];
  readonly share: number;
  readonly square: number;
  readonly reach: number;
}

/** A plane that becomes smaller with what is done to it. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * The disc of a radius of more than 0 to some hundred pixels, as near as it can be in all directions.
 *
 * Upright and level edges move by exactly `radiusPx`; aslant ones by up to half a pixel or 2.5 % more or less.
 */
export function discOf(radiusPx: number): Disc {
  const whole = Math.ceil(radiusPx) - 1;
  const share = radiusPx - whole;
  const radii = TURNS.map((turn) =>
    LINES.map((steps) =>
      steps.reduce((sum, [down, across]) => sum + Math.abs(down * Math.sin(turn) + across * Math.cos(turn)), 0),
    ),
  );
  let best: Omit<Disc, "reach"> = { crosses: 0, lines: [0, 0, 0], share, square: 0 };
  let least = Infinity;
  for (const [crosses, lines] of candidates(whole)) {
    const lacking = TURNS.map(
      (turn, i) =>
        radiusPx -
        lines.reduce((sum, half, kind) => sum + half * radii[i]![kind]!, 0) -
        (crosses + share) * Math.cos(turn),
    );
    const sines = TURNS.map(Math.sin);
    const [along, squares] = [dot(lacking, sines), dot(sines, sines)];
    const square = clamped(along / (share * squares), 0, 1);
    const error = Math.max(...lacking.map((lack, i) => Math.abs(lack - share * square * sines[i]!)));
    if (error < least) [best, least] = [{ crosses, lines, share, square }, error];
  }
  return { ...best, reach: best.crosses + dot(best.lines, REACHES) + 1 };
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, i) => sum + value * other[i]!, 0);
}

/**
 * Crosses and lines that take an upright edge by `whole` pixels.
 *
 * All lines are about as long, as in a regular polygon. Aslant ones never go without a square, which fills the gaps
 * between their pixels.
 */
function* candidates(whole: number): Generator<[number, [number, number, number]]> {
  const length = (whole * Math.PI) / 16;
  for (const knight of about(length / Math.sqrt(5))) {
    for (const diamond of about(length / Math.SQRT2)) {
      for (let crosses = 0; crosses < 3; crosses++) {
        const square = whole - crosses - 2 * diamond - 6 * knight;
        if (square > 0 || (square === 0 && !(diamond || knight))) yield [crosses, [square, diamond, knight]];
      }
    }
  }
}

function about(middle: number): number[] {
  const first = Math.max(0, roundEven(middle) - 2);
  return Array.from({ length: roundEven(middle) + 3 - first }, (_, i) => first + i);
}

/** The largest alpha within a disc of each pixel, less by its reach on each side. */
export function moved(around: Plane, disc: Disc): Plane {
  let plane = around;
  disc.lines.forEach((half, kind) => {
    for (const [down, across] of LINES[kind]!) plane = alongLine(plane, down, across, 2 * half + 1);
  });
  for (let i = 0; i < disc.crosses; i++) plane = cross(plane);
  let wider = cross(plane);
  if (disc.square) wider = mixed(wider, 0, alongLine(alongLine(plane, 0, 1, 3), 1, 0, 3), disc.square);
  return mixed(plane, 1, wider, disc.share);
}

/** The largest of `count` pixels on a line in steps of (down, across), by doubling what is known of it. */
function alongLine(around: Plane, down: number, across: number, count: number): Plane {
  let plane = around;
  for (let known = 1; known < count; ) {
    const more = Math.min(known, count - known);
    const [height, width] = [plane.height - more * down, plane.width - more * Math.abs(across)];
    const start = across >= 0 ? 0 : -more * across;
    const stop = across >= 0 ? more * across : 0;
    const values = new Float32Array(height * width);
    for (let y = 0, i = 0; y < height; y++) {
      let one = y * plane.width + start;
      let other = (y + more * down) * plane.width + stop;
      for (let x = 0; x < width; x++, i++, one++, other++) {
        const a = plane.values[one]!;
        const b = plane.values[other]!;
        values[i] = Math.max(a, b);
      }
    }
    plane = { height, width, values };
    known += more;
  }
  return plane;
}

/** The largest of each pixel and its four neighbours. */
function cross(around: Plane): Plane {
  const { values, width: stride } = around;
  const [height, width] = [around.height - 2, around.width - 2];
  const result = new Float32Array(height * width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, at = (y + 1) * stride + 1; x < width; x++, i++, at++) {
      let most = values[at]!;
      if (values[at - 1]! > most) most = values[at - 1]!;
      if (values[at + 1]! > most) most = values[at + 1]!;
      if (values[at - stride]! > most) most = values[at - stride]!;
      if (values[at + stride]! > most) most = values[at + stride]!;
      result[i] = most;
    }
  }
  return { height, width, values: result };
}

/** `share` of the way from one, less a `border`, to the other; exactly the one where they are the same. */
function mixed(from: Plane, border: number, to: Plane, share: number): Plane {
  if (share > 1 - 1e-6) return to;
  const values = new Float32Array(to.values.length);
  for (let y = 0, i = 0; y < to.height; y++) {
    for (let x = 0, at = (y + border) * from.width + border; x < to.width; x++, i++, at++) {
      const value = from.values[at]!;
      values[i] = value + (to.values[i]! - value) * share;
    }
  }
  return { ...to, values };
}
