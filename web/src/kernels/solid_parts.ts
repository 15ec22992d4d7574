/**
 * Solid things of about a screen's own colour, told from what the screen shows through: colours of the one lie on a line
 * from black, of the other on a line from the screen's. Sources are in Python's `kernels/solid_parts.py`.
 */
import type { Size } from "../pictures.ts";
import { eachRow, type Plate } from "./backdrop.ts";
import { boxMean } from "./box_sums.ts";
import { label, spread } from "./pieces.ts";
import { median } from "./quantile.ts";
import type { Rows } from "./rows.ts";
import { type Marks, markedWhere } from "./windows.ts";

/** A colour's distance from the screen from which on it is not the screen's noise. */
const OFF = 0.06;
/** Pixels in from the outline where judging starts. */
const CORE = 3;
/** How far pixels of a surface are from the mean of their neighbours at the most; strands of hair are further. */
const [ROUGH, ROUGH_ALWAYS, ROUGH_PX] = [Math.fround(0.1), Math.fround(0.004), 2];
/** The least share of the photo that a piece has which is judged. */
const SMALLEST = 0.0003;
/** So much of its usual distance from the screen a piece has at this part of its rim: it does not fade out. */
const [STEP, STEPS] = [0.5, 0.85];
/** How many times as much, squared, a solid thing's colours differ across rays from the screen as from black. */
const [MORE_ACROSS, LEAST_ACROSS] = [1.44, 1e-5];
/** Pixels that are won back of the rim, and so many around where the screen is not within the third. */
const [GROWN, REACH, CLEAR] = [2, 6, 2];
/** Sums of a piece: its colours (3), and their products (6). */
const SUMS = 9;

/** What else is the subject's beside its `own`; `far` is how far each colour is from the screen's, `smooth` where it is even. */
export function solidParts(
  photo: Rows,
  behind: Plate,
  { own, shows, far, smooth }: { own: Marks; shows: Marks; far: Float32Array; smooth: Marks },
): Marks {
  const { size } = photo;
  const other = markedWhere(far, (value, i) => !own[i] && value > OFF && !shows[i]);
  const strange = other.map((is, i) => ((is && smooth[i]) || own[i] ? 0 : 1));
  const core = spread(strange, size, CORE).map((is, i) => (is || own[i] ? 0 : 1));
  const { labels, count } = label(core, size);
  if (count === 0) return core;
  const solid = judged(photo, behind, labels, count, shows);
  const kept = withStep(core, own, far, labels, solid, size);
  const reached = spread(kept, size, REACH);
  const open = spread(
    other.map((is, i) => (is || own[i] ? 0 : 1)),
    size,
    CLEAR,
  );
  return spread(kept, size, GROWN).map((is, i) => ((is && other[i]) || (reached[i] && !open[i]) ? 1 : 0));
}

/** Where a surface could be, and no strands. */
export function smoothPlaces(photo: Rows, far: Float32Array): Marks {
  const [height, width] = photo.size;
  const rough = new Float32Array(far.length);
  const rows = [0, 1, 2].map(() => new Float32Array(3 * width));
  if (height > 0) photo.read(0, 0, width, rows[0]!);
  for (let y = 0; y < height; y++) {
    if (y + 1 < height) photo.read(y + 1, 0, width, rows[(y + 1) % 3]!);
    const near = [y - 1, y, y + 1].filter((row) => row >= 0 && row < height).map((row) => rows[row % 3]!);
    const middle = rows[y % 3]!;
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      let most = 0;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const row of near) for (let at = left; at <= right; at++) sum += row[3 * at + c]!;
        const mean = sum / (near.length * (right - left + 1));
        most = Math.max(most, Math.abs(middle[3 * x + c]! - mean));
      }
      rough[y * width + x] = most;
    }
  }
  const around = boxMean(rough, height, width, ROUGH_PX);
  return markedWhere(far, (value, i) => around[i]! < ROUGH * value + ROUGH_ALWAYS);
}

/** The pieces that are large enough and whose colours differ as a solid thing's do. */
function judged(photo: Rows, behind: Plate, labels: Int32Array, count: number, shows: Marks): Marks {
  const sizes = new Float64Array(count + 1);
  const sums = [0, 1].map(() => new Float64Array(SUMS * (count + 1)));
  const bare = new Float32Array(3 * shows.reduce((sum, is) => sum + is, 0));
  let known = 0;
  eachRow(photo, behind, (y, seen, back) => {
    for (let x = 0, i = y * photo.size[1]; x < seen.length; x += 3, i++) {
      if (shows[i]) for (let c = 0; c < 3; c++) bare[known++] = Math.abs(seen[x + c]! - back[x + c]!);
      const piece = labels[i]!;
      if (!piece) continue;
      sizes[piece]!++;
      add(sums[0]!, piece, seen[x]! - back[x]!, seen[x + 1]! - back[x + 1]!, seen[x + 2]! - back[x + 2]!);
      add(sums[1]!, piece, seen[x]!, seen[x + 1]!, seen[x + 2]!);
    }
  });
  const noise = bare.length ? 2 * (1.4826 * median(bare)) ** 2 : 0;
  const solid = new Uint8Array(count + 1);
  for (let piece = 1; piece <= count; piece++) {
    const [fromScreen, fromBlack] = sums.map((one) => across(one, piece, sizes[piece]!) - noise);
    const differs = fromScreen! > MORE_ACROSS * Math.max(fromBlack!, LEAST_ACROSS);
    if (differs && sizes[piece]! >= SMALLEST * labels.length) solid[piece] = 1;
  }
  return solid;
}

function add(sums: Float64Array, piece: number, red: number, green: number, blue: number): void {
  const values = [red, green, blue, red * red, red * green, red * blue, green * green, green * blue, blue * blue];
  for (let k = 0; k < SUMS; k++) sums[SUMS * piece + k]! += values[k]!;
}

/** The mean square of a piece's colours' distances from the ray through their mean. */
function across(sums: Float64Array, piece: number, size: number): number {
  const [r, g, b, rr, rg, rb, gg, gb, bb] = Array.from({ length: SUMS }, (_, k) => sums[SUMS * piece + k]! / size);
  const length = Math.max(r! * r! + g! * g! + b! * b!, 1e-12);
  const along = rr! * r! * r! + gg! * g! * g! + bb! * b! * b! + 2 * (rg! * r! * g! + rb! * r! * b! + gb! * g! * b!);
  return rr! + gg! + bb! - along / length;
}

/** The pixels of the solid pieces that do not fade out at their rims. */
function withStep(core: Marks, own: Marks, far: Float32Array, labels: Int32Array, solid: Marks, size: Size): Marks {
  const outside = spread(
    core.map((is, i) => (is || own[i] ? 0 : 1)),
    size,
    1,
  );
  const [cells, means, rims, steps] = [0, 1, 2, 3].map(() => new Float64Array(solid.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  labels.forEach((piece, i) => {
    cells[piece]!++;
    means[piece]! += far[i]!;
  });
  labels.forEach((piece, i) => {
    if (!piece || !outside[i]) return;
    rims[piece]!++;
    if (far[i]! > (STEP * means[piece]!) / cells[piece]!) steps[piece]!++;
  });
  return core.map((is, i) => (is && solid[labels[i]!] && steps[labels[i]!]! >= STEPS * rims[labels[i]!]! ? 1 : 0));
}
