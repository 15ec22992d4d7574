/** Medians and other quantiles, without sorting. */

/** The least of `values` up to which lies `share` of all `weights`. */
export function weightedQuantile(values: ArrayLike<number>, weights: ArrayLike<number>, share: number): number {
  const [left, heavy] = [Float64Array.from(values), Float64Array.from(weights)];
  let wanted = 0;
  for (let i = 0; i < heavy.length; i++) wanted += heavy[i]!;
  wanted *= share;
  let [start, stop] = [0, left.length];
  while (stop - start > 1) {
    const pivot = middle(left[start]!, left[(start + stop) >> 1]!, left[stop - 1]!);
    // What is less comes first, then what is the pivot, then what is more.
    let [less, at, more, lighter, equal] = [start, start, stop, 0, 0];
    while (at < more) {
      const value = left[at]!;
      if (value < pivot) {
        lighter += heavy[at]!;
        exchange(left, heavy, less++, at++);
      } else if (value > pivot) exchange(left, heavy, at, --more);
      else equal += heavy[at++]!;
    }
    if (less > start && wanted <= lighter) stop = less;
    else if (wanted <= lighter + equal || more === stop) return pivot;
    else {
      wanted -= lighter + equal;
      start = more;
    }
  }
  return left[start]!;
}

/** The value up to which lies `share` of `values`, between two of them where it must; there is at least one. */
export function quantile(values: Float32Array, share: number): number {
  const at = share * (values.length - 1);
  const low = Math.floor(at);
  const lower = nth(values, low);
  return low === at ? lower : lower + (at - low) * (nth(values, low + 1) - lower);
}

/** The values that are marked, of as many. */
export function picked(values: Float32Array, marks: Uint8Array): Float32Array {
  const result = new Float32Array(marks.reduce((sum, mark) => sum + mark, 0));
  for (let i = 0, at = 0; i < marks.length; i++) if (marks[i]) result[at++] = values[i]!;
  return result;
}

/** The value in the middle, or between the two that are. */
export function median(values: Float32Array): number {
  return quantile(values, 0.5);
}

/** The `n`th of the values in order, from 0: by the upper half of their bits first, then by the lower. */
function nth(values: Float32Array, n: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  // Turned so that they are in the order of the numbers, those below zero too.
  const key = (i: number): number => (bits[i]! >>> 31 ? ~bits[i]! : bits[i]! | 0x80000000) >>> 0;
  const counts = new Uint32Array(1 << 16);
  for (let i = 0; i < bits.length; i++) counts[key(i) >>> 16]!++;
  let [upper, left] = [0, n];
  while (left >= counts[upper]!) left -= counts[upper++]!;
  counts.fill(0);
  for (let i = 0; i < bits.length; i++) if (key(i) >>> 16 === upper) counts[key(i) & 0xffff]!++;
  let lower = 0;
  while (left >= counts[lower]!) left -= counts[lower++]!;
  const found = ((upper << 16) | lower) >>> 0;
  return new Float32Array(Uint32Array.of(found >>> 31 ? found & 0x7fffffff : ~found).buffer)[0]!;
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function exchange(left: Float64Array, heavy: Float64Array, one: number, other: number): void {
  [left[one], left[other]] = [left[other]!, left[one]!];
  [heavy[one], heavy[other]] = [heavy[other]!, heavy[one]!];
}
