/**
 * One matte of two networks that fail differently.
 *
 * IS-Net draws fine edges and leaves bodies grey or half out; U²-Net is coarse and sure of bodies. So the first draws, and
 * the second says what is body: it fills from its inside, never along its own edges, which would close holes and harden
 * hair. Holes and hair that the first drew are kept where it drew most of what the second sees. Colours that only the
 * subject has bring what either network merely suspects, and edges are drawn a little towards the side whose colours
 * they show. All of it is judged on a small grid; the drawing itself is looked at once, at its end.
 */
import type { Size } from "../pictures.ts";
import { boxMean } from "./box_sums.ts";
import { largest, smallest } from "./extremes.ts";
import { likeness } from "./likeness.ts";
import { fitted, step } from "./planes.ts";
import { resize } from "./resample.ts";
import { clamped } from "./rounding.ts";
import type { Marks } from "./windows.ts";

/** Longer side of the grid on which all is judged; the distances below are in its cells. */
const SIDE = 320;
const [INSIDE, EDGE, MISSED, DETAIL, AROUND] = [1, 2, 3, 8, 40];
const [SURE, SURE_NOT] = [Math.fround(0.85), Math.fround(1 - 0.85)];
const LEAST_WEIGHT = 1e-4;
/** What is drawn no darker than the first of these is a hole or hair, at the second it is body as well. */
const [HOLE, HAIR] = [[0.05, 0.3] as const, [0.3, 0.9] as const];
/** Networks leave a fog this faint on sure pixels of either side. */
const CUT = 0.055;
/** What is as good as certain, yet has odds that can be lowered; the fog's share at this end is far larger. */
const MOST = Math.fround(0.999);
/** How an uncertain pixel's log odds move: with those of its colour, and down, as networks draw edges too wide. */
const [BY_COLOUR, TOO_WIDE] = [0.2, 0.4];
/** Share of grey cells around, and how far that looks: an edge has few of them, a body left grey is all grey. */
const [GREY, GREY_AROUND] = [[0.3, 0.7] as const, 5];
const [GREY_FROM, GREY_TO] = [Math.fround(0.1), Math.fround(0.9)];

/** The least alpha of a pixel by how it was drawn: not at all, as faintly as hair is, or as a body. */
type Levels = readonly [hole: Float32Array, hair: Float32Array, body: Float32Array];

/** What is known of each cell of the grid. */
interface Seen {
  readonly size: Size;
  readonly drawn: Float32Array;
  readonly body: Float32Array;
  /** How much its colour is the subject's, by where both networks agree. */
  readonly looks: Float32Array;
}

/** The size at which `fuse` sees a photo of that size. */
export function seenAt(size: Size): Size {
  return fitted(size, SIDE);
}

/**
 * Alpha of h×w: the drawing of `first` (h×w), its bodies filled by `second` (any size), cleared of fog and strays.
 *
 * `rgb` is the photo in sRGB, reduced to `seenAt` of its size; all cover the same part of it.
 */
export function fuse(
  first: Float32Array,
  size: Size,
  second: Float32Array,
  secondSize: Size,
  rgb: Float32Array,
  rgbSize: Size,
): Float32Array {
  const drawn = resize(first, size, rgbSize, "box");
  const body = resize(second, secondSize, rgbSize, "bilinear");
  const seen: Seen = { size: rgbSize, drawn, body, looks: likeness(rgb, ...agreed(drawn, body)) };
  const levels = levelsOf(seen);
  const odds = oddsOf(filled(drawn, levels), seen);
  const stray = strayOf(seen);
  const [hole, hair, full, tilt] = [...levels, odds.map((value, i) => value * (1 - stray[i]!))].map((plane) =>
    resize(plane, rgbSize, size, "bilinear"),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const result = filled(first, [hole, hair, full]);
  for (let i = 0; i < result.length; i++) {
    const drawn = Math.min(result[i]!, MOST);
    const tilted = drawn * tilt[i]!;
    const alpha = tilted / (tilted - drawn + 1); // α · odds / (1 + α · (odds − 1))
    result[i] = clamped((alpha - CUT) / (1 - 2 * CUT), 0, 1);
  }
  return result;
}

/** Where both networks are sure of the subject, and where of the background. */
function agreed(drawn: Float32Array, body: Float32Array): [Marks, Marks] {
  return [
    Uint8Array.from(drawn, (value, i) => (value > SURE && body[i]! > SURE ? 1 : 0)),
    Uint8Array.from(drawn, (value, i) => (value < SURE_NOT && body[i]! < SURE_NOT ? 1 : 0)),
  ];
}

/** What to fill the drawing up to, as its holes and its hair are believed. */
function levelsOf(seen: Seen): Levels {
  const { drawn, body, size } = seen;
  const both = boxMean(
    drawn.map((value, i) => Math.min(value, body[i]!)),
    ...size,
    AROUND,
  );
  const all = boxMean(body, ...size, AROUND);
  const covered = both.map((value, i) => value / Math.max(all[i]!, LEAST_WEIGHT));
  const around = levelAround(seen);
  const full = insideOf(seen);
  const [hair, holes] = [hairOf(seen, covered), holesOf(seen, covered)];
  const hairLevel = full.map((value, i) => value * (1 - hair[i]!));
  const holeLevel = hairLevel.map((value, i) => value * (1 - holes[i]!));
  // Bodies far from all that the first network drew: no detail to protect there, thin parts come whole.
  const unseen = around.map((level, i) => (1 - step(level, 0.1, 0.5)) * step(body[i]!, 0.85, 0.99));
  const least = (level: Float32Array): Float32Array => level.map((value, i) => Math.max(value, unseen[i]!));
  return [least(holeLevel), least(hairLevel), least(full)];
}

/** The inside of the second network's bodies, and what it suspects that has the subject's own colours. */
function insideOf({ drawn, body, looks, size }: Seen): Float32Array {
  // Where the first network is all but certain that there is nothing, the second must be as sure.
  const doubt = boxMean(
    drawn.map((value) => step(value, 0.0005, 0.004)),
    ...size,
    DETAIL,
  );
  const core = smallest(body, size, INSIDE);
  const inside = core.map((value, i) => {
    const sure = Math.max(step(doubt[i]!, 0.2, 0.6), step(body[i]!, 0.85, 0.99));
    const suspected = step(body[i]!, 0.1, 0.3) * step(looks[i]!, 0.9, 0.99);
    return Math.max(step(value, 0.3, 0.8) * sure, suspected);
  });
  return boxMean(inside, ...size, 1);
}

/** How far a hole is believed: where the first network has most of the body, and in no colour of the subject's. */
function holesOf({ body, looks, size }: Seen, covered: Float32Array): Float32Array {
  const core = smallest(body, size, EDGE);
  return covered.map((share, i) => {
    const kept = step(share, 0.45, 0.8) * (1 - step(looks[i]!, 0.5, 0.9));
    // Nor is it one where the second is certain all around, unless it clearly shows the background.
    return kept * (1 - step(core[i]!, 0.97, 0.995) * step(looks[i]!, 0.2, 0.5));
  });
}

/** How far fine detail is believed: where dark and light are near, of a body that is there for the most part. */
function hairOf({ drawn, size }: Seen, covered: Float32Array): Float32Array {
  const [light, dark] = [largest(drawn, size, EDGE), smallest(drawn, size, EDGE)];
  return covered.map((share, i) => step(light[i]! - dark[i]!, 0.4, 0.8) * step(share, 0.65, 0.92));
}

/** How far each cell is a faint place of which the second network sees nothing. */
function strayOf(seen: Seen): Float32Array {
  const [near, around] = [largest(seen.body, seen.size, MISSED), levelAround(seen)];
  return near.map((value, i) => (1 - step(value, 0.05, 0.5)) * (1 - step(around[i]!, 0.2, 0.6)));
}

function levelAround({ drawn, size }: Seen): Float32Array {
  return boxMean(largest(drawn, size, DETAIL), ...size, DETAIL);
}

/** What the odds of each cell's being subject are times as high, by its colour; in bodies left grey they stay. */
function oddsOf(alpha: Float32Array, { looks, size }: Seen): Float32Array {
  const grey = boxMean(
    alpha.map((value) => (value > GREY_FROM && value < GREY_TO ? 1 : 0)),
    ...size,
    GREY_AROUND,
  );
  return grey.map((share, i) => {
    const bounded = clamped(looks[i]!, 0.01, 0.99);
    return Math.exp((1 - step(share, ...GREY)) * (BY_COLOUR * Math.log(bounded / (1 - bounded)) - TOO_WIDE));
  });
}

/** The drawing, no darker than the levels have it; all of one size. */
function filled(drawn: Float32Array, [hole, hair, body]: Levels): Float32Array {
  const result = new Float32Array(drawn.length);
  for (let i = 0; i < drawn.length; i++) {
    const value = drawn[i]!;
    const level =
      hole[i]! + (hair[i]! - hole[i]!) * ramp(value, ...HOLE) + (body[i]! - hair[i]!) * ramp(value, ...HAIR);
    result[i] = Math.max(value, level);
  }
  return result;
}

/** 0 up to `low`, 1 from `high` on, straight between. */
function ramp(value: number, low: number, high: number): number {
  return clamped((value - low) / (high - low), 0, 1);
}
