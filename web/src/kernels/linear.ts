/** Small systems of linear equations. */

/**
 * The solution, n×`columns`, of `matrix` (n×n) times it being `right` (n×`columns`): Gauss's elimination, the largest pivot
 * first. A matrix without an inverse gives what is not a number.
 */
export function solvedLinear(matrix: Float64Array, right: Float64Array, columns = 1): Float64Array {
  const count = right.length / columns;
  const [left, result] = [matrix.slice(), right.slice()];
  for (let step = 0; step < count; step++) {
    let pivot = step;
    for (let row = step + 1; row < count; row++) {
      if (Math.abs(left[row * count + step]!) > Math.abs(left[pivot * count + step]!)) pivot = row;
    }
    swap(left, step, pivot, count);
    swap(result, step, pivot, columns);
    for (let row = step + 1; row < count; row++) {
      const share = left[row * count + step]! / left[step * count + step]!;
      if (share === 0) continue;
      for (let i = step; i < count; i++) left[row * count + i]! -= share * left[step * count + i]!;
      for (let i = 0; i < columns; i++) result[row * columns + i]! -= share * result[step * columns + i]!;
    }
  }
  for (let row = count - 1; row >= 0; row--) {
    for (let i = 0; i < columns; i++) {
      let sum = result[row * columns + i]!;
      for (let k = row + 1; k < count; k++) sum -= left[row * count + k]! * result[k * columns + i]!;
      result[row * columns + i] = sum / left[row * count + row]!;
    }
  }
  return result;
}

function swap(rows: Float64Array, one: number, other: number, length: number): void {
  if (one === other) return;
  const kept = rows.slice(one * length, (one + 1) * length);
  rows.copyWithin(one * length, other * length, (other + 1) * length);
  rows.set(kept, other * length);
}
