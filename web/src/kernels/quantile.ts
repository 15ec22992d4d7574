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

/** As numpy has it: between the two in the middle where there are two. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function exchange(left: Float64Array, heavy: Float64Array, one: number, other: number): void {
  [left[one], left[other]] = [left[other]!, left[one]!];
  [heavy[one], heavy[other]] = [heavy[other]!, heavy[one]!];
}
