/** Rounds in which the two colours of each cell settle between its pixels and its neighbours. See `mixture.ts`. */
import { ALPHA, BELIEVED, type Level, PHOTO, SHARE, SQUARE } from "./cells.ts";
import { clamped } from "./rounding.ts";
import { heightOf, type Window, widthOf } from "./windows.ts";

/**
 * Jacobi rounds: each cell's pair between what its pixels say and the mean of its four neighbours' pairs, 6×h×w.
 *
 * For means F̄ and B̄ with weights s and t, the minimum of Σ(αF + (1 − α)B − I)² + s(F − F̄)² + t(B − B̄)² solves
 * (Σα² + s)F + Σα(1 − α)B = ΣαI + sF̄ and Σα(1 − α)F + (Σ(1 − α)² + t)B = Σ(1 − α)I + tB̄.
 *
 * `start` is the field of `window`, 6×h×w, which is used up.
 */
export function relax(
  level: Level,
  window: Window,
  start: Float32Array,
  rounds: number,
  smoothness: readonly number[],
): Float32Array {
  const [height, width] = [heightOf(window), widthOf(window)];
  const matrix = inverses(level, window, smoothness);
  let field = start;
  let next: Float32Array = new Float32Array(field.length);
  for (let round = 0; round < rounds; round++) {
    for (let c = 0; c < 3; c++) relaxColour(level, window, matrix, smoothness, c, field, next, height, width);
    [field, next] = [next, field];
  }
  return field;
}

/** Three numbers a cell: what F takes of its own side, B of its own, and each of the other's. */
function inverses(level: Level, window: Window, smoothness: readonly number[]): Float64Array {
  const { size, planes } = level;
  const count = size[0] * size[1];
  const isAllBelieved = planes.length <= BELIEVED * count;
  const result = new Float64Array(3 * heightOf(window) * widthOf(window));
  let i = 0;
  for (let y = window[0]; y < window[2]; y++) {
    for (let at = y * size[1] + window[1], end = y * size[1] + window[3]; at < end; at++, i += 3) {
      const alpha = planes[ALPHA * count + at]!;
      const square = planes[SQUARE * count + at]!;
      const believed = isAllBelieved ? 1 : planes[BELIEVED * count + at]!;
      const crossed = alpha - square;
      const own = square + smoothness[0]!;
      const behind = believed - alpha - crossed + smoothness[1]!;
      const determinant = own * behind - crossed * crossed;
      result[i] = behind / determinant;
      result[i + 1] = own / determinant;
      result[i + 2] = crossed / determinant;
    }
  }
  return result;
}

function relaxColour(
  level: Level,
  window: Window,
  matrix: Float64Array,
  smoothness: readonly number[],
  colour: number,
  field: Float32Array,
  next: Float32Array,
  height: number,
  width: number,
): void {
  const stride = level.size[1];
  const count = level.size[0] * stride;
  const { planes } = level;
  const [own, behind] = [smoothness[0]! / 4, smoothness[1]! / 4];
  const photo = (PHOTO + colour) * count;
  const share = (SHARE + colour) * count;
  const first = colour * height * width;
  const second = (3 + colour) * height * width;
  for (let y = 0, i = 0; y < height; y++) {
    // At an edge the cell stands for the one that is missing.
    const up = y > 0 ? -width : 0;
    const below = y < height - 1 ? width : 0;
    for (let x = 0, at = (window[0] + y) * stride + window[1]; x < width; x++, i++, at++) {
      const before = x > 0 ? -1 : 0;
      const after = x < width - 1 ? 1 : 0;
      const f = first + i;
      const b = second + i;
      const said = planes[share + at]!;
      const meanF = own * (field[f + up]! + field[f + below]! + field[f + before]! + field[f + after]!) + said;
      const meanB =
        behind * (field[b + up]! + field[b + below]! + field[b + before]! + field[b + after]!) +
        planes[photo + at]! -
        said;
      const across = matrix[3 * i + 2]!;
      next[f] = clamped(meanF * matrix[3 * i]! - across * meanB, 0, 1);
      next[b] = clamped(meanB * matrix[3 * i + 1]! - across * meanF, 0, 1);
    }
  }
}
