/**
 * Two colours behind every pixel, F and B of I = αF + (1 − α)B, from a pyramid of what the pixels say of them.
 *
 * Cells of 2ⁿ×2ⁿ pixels get one F and one B each: the pair that explains all of their pixels with the least squares and
 * differs little from the neighbours' pairs. What that takes of the pixels is five sums, Σ1, Σα, Σα², ΣI and ΣαI, so that
 * a cell with strands in it tells F from B by itself, as a regression of I on α, where a mean pixel with a mean α would
 * only tell their mixture. Multi-level as in T. Germer, T. Uelwer, S. Conrad, S. Harmeling, "Fast Multi-Level Foreground
 * Estimation", ICPR 2020; coarse levels by sums as in Galerkin's condition of multigrid methods (W. L. Briggs, V. E.
 * Henson, S. F. McCormick, "A Multigrid Tutorial", 2000).
 */
import type { Size } from "../pictures.ts";
import { ALPHA, BELIEVED, cellsOf, halvedLevel, type Level, PHOTO, SHARE, SQUARE } from "./cells.ts";
import { relax } from "./relax.ts";
import { clamped } from "./rounding.ts";
import type { Numbers } from "./rows.ts";
import { around, grown, halvedMarks, heightOf, type Marks, type Window, widthOf } from "./windows.ts";

const TILE = 128;
/** The longer side of the coarsest level, at most. */
const FEWEST = 2;
/** Rounds by a level's longer side, up to so many cells: what is far apart was settled further up. */
const [FEW_CELLS, ROUNDS, ROUNDS_OF_LARGE] = [64, 4, 2];
/** How much the neighbours' mean of F, and of B, counts beside what the cell itself says; at the finest level. */
const SMOOTHNESS = [0.18, 0.072] as const;
/** How much less it counts at each further level: what is far apart has less in common. */
const COARSER = 0.9;
/** How much the mean colour counts for the whole photo: enough to settle what it leaves open. */
const LEAST = 1e-6;
/**
 * Cells around those with soft pixels that are solved as well, the finest level first: the level below looks at half as
 * many, one more for its round and one to go over from cell to cell.
 */
const REACHES = [2, 3] as const;

/** F and B of cells: three planes of F, three of B, each of `size`. */
export interface Field {
  readonly size: Size;
  readonly planes: Float32Array;
}

/**
 * F and B of cells of 4×4 pixels, near soft pixels and zero elsewhere; null where none is soft.
 *
 * `rgb` H×W×3, `alpha` and `weight` (how much a pixel is believed; null: all alike) H×W, in [0, 1] or integers.
 */
export function unmix(rgb: Numbers, alpha: Float32Array, weight: Numbers | null, size: Size): Field | null {
  const { level, marks } = cellsOf(rgb, alpha, weight, size);
  if (!marks.includes(1)) return null;
  const levels: Level[] = [level];
  const wanted: Marks[] = [marks];
  for (let top = level; Math.max(...top.size) > FEWEST; ) {
    wanted.push(halvedMarks(wanted.at(-1)!, top.size));
    top = halvedLevel(top);
    levels.push(top);
  }
  let field = overall(levels.at(-1)!);
  for (let place = levels.length - 1; place >= 0; place--) {
    const reach = REACHES[Math.min(place, REACHES.length - 1)]!;
    const smoothness = SMOOTHNESS.map((much) => much * COARSER ** place);
    field = solved(levels.pop()!, field, wanted[place]!, reach, smoothness);
  }
  return field;
}

/** One F and one B for the whole photo: the line through its pixels, at alpha 1 and at alpha 0. */
function overall(top: Level): Field {
  const count = top.size[0] * top.size[1];
  const mean = (plane: number): number => {
    let sum = 0;
    for (let i = plane * count; i < (plane + 1) * count; i++) sum += top.planes[i]!;
    return sum / count;
  };
  const believed = top.planes.length > BELIEVED * count ? mean(BELIEVED) : 1;
  const crossed = mean(ALPHA) - mean(SQUARE);
  const own = mean(SQUARE) + LEAST;
  const behind = believed - mean(ALPHA) - crossed + LEAST;
  const determinant = own * behind - crossed * crossed;
  const planes = new Float32Array(6);
  for (let c = 0; c < 3; c++) {
    const usual = (LEAST * mean(PHOTO + c)) / Math.max(believed, 1e-12);
    const share = mean(SHARE + c) + usual;
    const rest = mean(PHOTO + c) - mean(SHARE + c) + usual;
    planes[c] = clamped((behind * share - crossed * rest) / determinant, 0, 1);
    planes[3 + c] = clamped((own * rest - crossed * share) / determinant, 0, 1);
  }
  return { size: [1, 1], planes };
}

/** F and B of a level from those of the level above; of large ones only near the marks. */
function solved(level: Level, above: Field, marks: Marks, reach: number, smoothness: readonly number[]): Field {
  const { size } = level;
  const longer = Math.max(...size);
  const rounds = longer <= FEW_CELLS ? ROUNDS : ROUNDS_OF_LARGE;
  if (longer <= TILE) {
    const whole: Window = [0, 0, ...size];
    return { size, planes: relax(level, whole, doubled(above, whole), rounds, smoothness) };
  }
  const planes = new Float32Array(6 * size[0] * size[1]);
  for (const window of around(marks, size, TILE, reach)) {
    const outer = grown(window, rounds, size);
    const part = relax(level, outer, doubled(above, outer), rounds, smoothness);
    put(part, outer, window, planes, size);
  }
  return { size, planes };
}

function put(part: Float32Array, outer: Window, window: Window, planes: Float32Array, size: Size): void {
  const [height, width] = [heightOf(outer), widthOf(outer)];
  for (let plane = 0; plane < 6; plane++) {
    for (let y = window[0]; y < window[2]; y++) {
      const from = (plane * height + y - outer[0]) * width + window[1] - outer[1];
      const to = (plane * size[0] + y) * size[1] + window[1];
      planes.set(part.subarray(from, from + widthOf(window)), to);
    }
  }
}

/**
 * A window of a level, 6×h×w, from the level above.
 *
 * A cell is three quarters the one it lies in and one quarter the one across its corner, which is true to every even
 * slope.
 */
function doubled({ size, planes }: Field, window: Window): Float32Array {
  const [height, width] = [heightOf(window), widthOf(window)];
  const result = new Float32Array(6 * height * width);
  const last = size[1] - 1;
  for (let plane = 0, i = 0; plane < 6; plane++) {
    for (let y = window[0]; y < window[2]; y++) {
      const near = (plane * size[0] + (y >> 1)) * size[1];
      const far = (plane * size[0] + clamped((y >> 1) + (y & 1 ? 1 : -1), 0, size[0] - 1)) * size[1];
      for (let x = window[1]; x < window[3]; x++, i++) {
        const cell = x >> 1;
        const beside = x & 1 ? (cell < last ? cell + 1 : last) : cell > 0 ? cell - 1 : 0;
        result[i] = 0.75 * planes[near + cell]! + 0.25 * planes[far + beside]!;
      }
    }
  }
  return result;
}
