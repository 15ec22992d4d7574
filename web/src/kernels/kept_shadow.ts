/**
 * The shadow that a photo already has, as a layer of its own: how much darker the ground is than it would be. Sources are in
 * Python's `kernels/kept_shadow.py`.
 */
import type { Size } from "../pictures.ts";
import { solvedLinear } from "./linear.ts";
import { label, spread } from "./pieces.ts";
import { gathered, resize, resizedRows } from "./resample.ts";
import { clamped, roundEven } from "./rounding.ts";
import { type Numbers, rowsOf } from "./rows.ts";
import { averaged, type Places, type Surface, surface, tones } from "./surface.ts";
import { boxOf, type Marks } from "./windows.ts";

/** Cells along the longer side. */
const GRID = 256;
const [SOLID, SHOWS] = [0.5, 0.02];
/** Where the ground is: beside the subject and below it, in shares of its size; less so above its foot. */
const [BESIDE, ABOVE, BELOW] = [0.5, 0.35, 0.6];
/** Details of these radii in cells are told from texture one by one; what is not so much stronger goes. */
const RADII = [1, 2, 4, 8] as const;
const [STRONGER, SURE] = [2.5, 2];
/** How well hues tell texture from light: that much they may differ for other reasons. */
const HUE_NOISE = 0.03;
/** A shadow begins in the lower third and ends within these shares of the subject's size and height. */
const [FOOT, FAR, HIGH] = [0.65, 1.1, 0.8];
/** A border of the frame of which so much is so dark lies in a bar, or in the ground's own colour. */
const [BAR, BAR_DEPTH] = [0.8, 0.2];
const LEVELS = [0.02, 0.04, 0.07, 0.11, 0.16, 0.23, 0.32, 0.45, 0.62, 0.85, 1.2, 1.7, 2.5];

/** A subject on the grid: its solid cells, the box around them, each cell's place, and how far beside it that is. */
interface Standing extends Places {
  readonly size: Size;
  readonly solid: Marks;
  readonly top: number;
  readonly foot: number;
  readonly broad: number;
  readonly beside: Float32Array;
  /** 1 where no subject is. */
  readonly valid: Float32Array;
}

/**
 * The alpha of black, H×W, that turns the lit ground into the ground that a photo shows around its subject.
 *
 * `rgb` H×W×3 is the photo, `alpha` H×W its matte. Worked on a grid of at most 256 cells each way. A smooth surface is
 * fitted to the lit ground (`surface.ts`); what is darker than it is freed from texture, which changes hue where a shadow
 * does not, and whose strength at each scale is known from the lit ground; then only what begins at the subject's foot,
 * and is darker than what comes in from afar, is kept. Zero where the frame cuts off the foot, and where no alpha reaches a
 * half. Given back at the size `to`.
 */
export function keptShadow(rgb: Numbers, alpha: Float32Array, size: Size, to: Size = size): Float32Array {
  const ratio = Math.min(1, GRID / Math.max(...size));
  const grid: Size = [Math.max(1, roundEven(size[0] * ratio)), Math.max(1, roundEven(size[1] * ratio))];
  const subject = standing(resize(alpha, size, grid, "box"), grid);
  const nothing = new Float32Array(to[0] * to[1]);
  if (!subject) return nothing;
  const near = subject.valid.map((valid, i) => {
    const down = subject.down[i]!;
    const beyond = down < 0 ? down / ABOVE : down / BELOW;
    return valid * Math.exp(-0.5 * (subject.beside[i]! / BESIDE) ** 2 - 0.5 * beyond ** 2);
  });
  const seen = tones(gathered(resizedRows(rowsOf(rgb, size, 3), grid, "box")));
  const found = surface(seen, near, subject.valid, subject, grid);
  if (!found) return nothing;
  const depth = under(darkness(found, subject), subject);
  const dark = fromTheFoot(depth, subject).map((value) => 1 - Math.exp(-value));
  return resize(dark, grid, to, "bilinear").map((value) => clamped(value, 0, 1));
}

/** Null where nothing is solid, and where the frame's lower border cuts what stands lowest. */
function standing(small: Float32Array, size: Size): Standing | null {
  const [height, width] = size;
  const solid = Uint8Array.from(small, (value) => (value > SOLID ? 1 : 0));
  const box = boxOf(solid, width, [0, 0, height, width]);
  if (!box || isCutOff(solid, size, box[0], box[2])) return null;
  const [top, left, foot, right] = box;
  const [tall, broad] = [foot - top, right - left];
  const unit = Math.max(tall, broad);
  const [down, across, beside] = [0, 0, 0].map(() => new Float32Array(small.length)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0; i < small.length; i++) {
    down[i] = (Math.floor(i / width) + 0.5 - foot) / unit;
    across[i] = ((i % width) + 0.5 - (left + right) / 2) / unit;
    beside[i] = Math.max(Math.abs(across[i]!) - Math.fround(broad / unit / 2), 0);
  }
  const shows = Uint8Array.from(small, (value) => (value > Math.fround(SHOWS) ? 1 : 0));
  const valid = Float32Array.from(spread(shows, size, 1), (mark) => 1 - mark);
  return { size, solid, top, foot, broad, down, across, beside, valid };
}

function isCutOff(solid: Marks, [height, width]: Size, top: number, foot: number): boolean {
  const from = Math.floor(top + 0.9 * (foot - top));
  let [lowest, cut] = [0, 0];
  for (let x = 0; x < width; x++) {
    cut += solid[(height - 1) * width + x]!;
    let y = from;
    while (y < height && !solid[y * width + x]) y++;
    if (y < height) lowest++;
  }
  return cut > 0.5 * lowest;
}

/** How much darker than the lit surface, as a logarithm, h×w, without texture; zero where it is another thing. */
function darkness(found: Surface, { valid, size }: Standing): Float32Array {
  let light = lightOf(found);
  const sure = valid.map((value, i) => value / (1 + found.strange[i]! ** 4));
  const weight = sure.map((value, i) => value + 1e-3 * valid[i]!);
  const lit = shares(found.lit);
  const smooth = new Float32Array(light.length);
  for (const radius of RADII) {
    const wider = averaged(light, weight, radius, size).means;
    const detail = light.map((value, i) => value - wider[i]!);
    const squares = detail.map((value) => value * value);
    const texture = STRONGER ** 2 * weighed(squares, lit);
    const strength = averaged(squares, valid, radius, size).means;
    for (let i = 0; i < smooth.length; i++) {
      smooth[i]! += detail[i]! * Math.max(0, 1 - texture / Math.max(strength[i]!, 1e-9));
    }
    light = wider;
  }
  for (let i = 0; i < smooth.length; i++) smooth[i]! += light[i]!;
  const doubt =
    SURE ** 2 *
    weighed(
      smooth.map((value) => value * value),
      lit,
    );
  const ones = new Float32Array(smooth.length).fill(1);
  const around = averaged(sure, ones, 1, size).means;
  const there = averaged(valid, ones, 1, size).means;
  return smooth.map((value, i) => {
    const darker = Math.max(-value, 0);
    const trust = clamped((1.5 * around[i]!) / Math.max(there[i]!, 0.01), 0, 1);
    return darker * Math.max(0, 1 - doubt / Math.max(darker * darker, 1e-9)) * trust * valid[i]!;
  });
}

/** What is left of brightness when all is taken off that goes along with hue, as texture does. */
function lightOf({ rest, lit }: Surface): Float32Array {
  const share = shares(lit);
  const centred = rest.map((tone) => {
    const mean = Math.fround(weighed(tone, share));
    return tone.map((value) => value - mean);
  });
  const together = (one: number, other: number): number =>
    centred[one]!.reduce((sum, value, i) => sum + value * centred[other]![i]! * share[i]!, 0);
  const matrix = Float64Array.of(
    together(1, 1) + HUE_NOISE ** 2,
    together(1, 2),
    together(2, 1),
    together(2, 2) + HUE_NOISE ** 2,
  );
  const [red, blue] = solvedLinear(matrix, Float64Array.of(together(1, 0), together(2, 0)));
  return centred[0]!.map((value, i) => clamped(value - centred[1]![i]! * red! - centred[2]![i]! * blue!, -3, 0.7));
}

function shares(lit: Float32Array): Float32Array {
  const total = Math.max(
    lit.reduce((sum, value) => sum + value, 0),
    1e-6,
  );
  return lit.map((value) => value / total);
}

function weighed(values: Float32Array, weights: Float32Array): number {
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
}

/** `depth` where it is valid, elsewhere means of what is near: a shadow goes on under its subject. */
function under(depth: Float32Array, { valid, size }: Standing): Float32Array {
  const result = depth.map((value, i) => (valid[i]! > 0 ? value : 0));
  const missing = valid.map((value) => Number(value === 0));
  for (const radius of RADII) {
    const { means, known } = averaged(depth, valid, radius, size);
    for (let i = 0; i < result.length; i++) {
      if (!missing[i] || known[i]! <= Math.fround(0.02)) continue;
      result[i] = means[i]!;
      missing[i] = 0;
    }
  }
  return result;
}

/** What of `depth` begins at the subject's foot and does not come in from afar, level by level; h×w. */
function fromTheFoot(depth: Float32Array, subject: Standing): Float32Array {
  const { size, solid, valid, down, beside, top, foot: lowest, broad } = subject;
  const tall = (lowest - top) / Math.max(lowest - top, broad);
  const away = beside.map((value, i) => Math.hypot(value, Math.max(down[i]!, 0)));
  const bars = inBars(depth, size);
  const afar = Uint8Array.from(away, (value, i) => (value > FAR || -down[i]! > HIGH * tall || bars[i] ? 1 : 0));
  const grown = spread(solid, size, 2);
  const foot = afar.map((is, i) => (grown[i] && -down[i]! < (1 - FOOT) * tall && !is ? 1 : 0));
  const total = new Float32Array(depth.length);
  for (const [at, low] of LEVELS.entries()) {
    const mask = solid.map((is, i) => (depth[i]! > low && (!is || foot[i]) ? 1 : 0));
    const { labels, count } = label(mask, size);
    if (count === 0) break;
    const stays = new Uint8Array(count + 1);
    labels.forEach((piece, i) => {
      if (foot[i]) stays[piece] = 1;
    });
    labels.forEach((piece, i) => {
      if (afar[i] && valid[i]! > 0) stays[piece] = 0;
    });
    stays[0] = 0;
    const most = (LEVELS[at + 1] ?? Infinity) - low;
    labels.forEach((piece, i) => {
      if (stays[piece]) total[i]! += clamped(depth[i]! - low, 0, most);
    });
  }
  return total.map((value, i) => value * clamped((FAR + 0.25 - away[i]!) / 0.25, 0, 1));
}

/** The cells of those borders of the frame that are dark nearly all along. */
function inBars(depth: Float32Array, [height, width]: Size): Marks {
  const marks = new Uint8Array(depth.length);
  const rows = Array.from({ length: width }, (_, x) => x);
  const columns = Array.from({ length: height }, (_, y) => y * width);
  for (const [along, start] of [
    [rows, 0],
    [rows, (height - 1) * width],
    [columns, 0],
    [columns, width - 1],
  ] as const) {
    const dark = along.filter((at) => depth[start + at]! > Math.fround(BAR_DEPTH)).length;
    if (dark / along.length > BAR) for (const at of along) marks[start + at] = 1;
  }
  return marks;
}
