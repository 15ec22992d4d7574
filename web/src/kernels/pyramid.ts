/** The levels of `mixture.ts`: colours of cells of 4·2ⁿ pixels, each level found from the one above. */
import type { Size } from "../pictures.ts";
import { ALPHA, BELIEVED, halvedLevel, type Level, PHOTO, SHARE, SQUARE } from "./cells.ts";
import { relax } from "./relax.ts";
import { clamped } from "./rounding.ts";
import { heightOf, type Window, widthOf } from "./windows.ts";

/** The longer side of the coarsest level, at most. */
const FEWEST = 2;
/** Rounds of a level whose longer side has up to so many cells, and of larger ones. */
const [FEW_CELLS, ROUNDS, ROUNDS_OF_LARGE] = [64, 4, 2];
/** How much the neighbours' mean of F, and of B, counts beside what the cell itself says; at the finest level. */
const SMOOTHNESS = [0.18, 0.072] as const;
/** How much less it counts at each further level: what is far apart has less in common. */
const COARSER = 0.9;
/** How much the mean colour counts for the whole photo: enough to settle what it leaves open. */
const LEAST = 1e-6;
/** F and B of cells: three planes of F, three of B, each of `size`. */
export interface Field {
  readonly size: Size;
  readonly planes: Float32Array;
}

/** A level and those above it: so many in all, or (null) up to the coarsest. */
export function levelsFrom(first: Level, count: number | null): Level[] {
  const levels = [first];
  for (let top = first; count === null ? Math.max(...top.size) > FEWEST : levels.length < count; ) {
    top = halvedLevel(top);
    levels.push(top);
  }
  return levels;
}

/** Rounds at a level of a photo: fewer at large ones, where what is far apart was settled further up. */
export function roundsOf(photo: Size, place: number): number {
  return Math.ceil(Math.max(...photo) / (4 << place)) <= FEW_CELLS ? ROUNDS : ROUNDS_OF_LARGE;
}

/** How much neighbours count at a level. */
export function smoothnessAt(place: number): readonly number[] {
  return SMOOTHNESS.map((much) => much * COARSER ** place);
}

/** One F and one B for the whole photo: the line through its pixels, at alpha 1 and at alpha 0. */
export function overall(top: Level): Field {
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

/** F and B of a level, all of it, from those of the level above, which begins `first` cells of this one before it. */
export function relaxed(level: Level, above: Field, first: readonly number[], place: number, rounds: number): Field {
  const whole: Window = [0, 0, ...level.size];
  const start = doubled(above, shifted(whole, first));
  return { size: level.size, planes: relax(level, whole, start, rounds, smoothnessAt(place)) };
}

/** A window in what begins so many rows and columns before. */
export function shifted([top, left, bottom, right]: Window, [down, across]: readonly number[]): Window {
  return [top + down!, left + across!, bottom + down!, right + across!];
}

/**
 * A window of a level, 6×h×w, from the level above.
 *
 * A cell is three quarters the one it lies in and one quarter the one across its corner, which is true to every even
 * slope.
 */
export function doubled({ size, planes }: Field, window: Window): Float32Array {
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
