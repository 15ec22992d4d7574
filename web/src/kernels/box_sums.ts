/** Means over square windows, at a cost that does not grow with the window. */

/**
 * The mean over the square of 2 `radius` + 1 pixels around each pixel of each of the planes, n×h×w.
 *
 * At the border the square is cut: its mean is over the pixels that lie inside. Sums run in double, which is exact
 * enough for differences of them at any size.
 */
export function boxMean<T extends Float32Array | Float64Array>(
  planes: T,
  height: number,
  width: number,
  radius: number,
): T {
  const result = new (planes.constructor as new (length: number) => T)(planes.length);
  const columns = new Float64Array(width);
  const shares = sharesOf(width, radius);
  for (let start = 0; start < planes.length; start += height * width) {
    columns.fill(0);
    for (let y = 0; y < Math.min(radius, height); y++) addRow(columns, planes, start + y * width, 1);
    for (let y = 0; y < height; y++) {
      const [next, gone] = [y + radius < height, y - radius - 1 >= 0];
      if (next && gone) moveRow(columns, planes, start + (y + radius) * width, start + (y - radius - 1) * width);
      else if (next) addRow(columns, planes, start + (y + radius) * width, 1);
      else if (gone) addRow(columns, planes, start + (y - radius - 1) * width, -1);
      const rows = Math.min(y + radius, height - 1) - Math.max(y - radius, 0) + 1;
      meanOfRow(columns, radius, 1 / rows, shares, result, start + y * width);
    }
  }
  return result;
}

function addRow(columns: Float64Array, planes: Float32Array | Float64Array, from: number, sign: number): void {
  for (let x = 0; x < columns.length; x++) columns[x]! += sign * planes[from + x]!;
}

/** The sums of columns of windows that went on by a row. */
function moveRow(columns: Float64Array, planes: Float32Array | Float64Array, next: number, gone: number): void {
  for (let x = 0; x < columns.length; x++) columns[x] = columns[x]! + planes[next + x]! - planes[gone + x]!;
}

function meanOfRow(
  columns: Float64Array,
  radius: number,
  share: number,
  shares: Float64Array,
  result: Float32Array | Float64Array,
  at: number,
): void {
  const width = columns.length;
  let sum = 0;
  for (let x = 0; x < Math.min(radius, width); x++) sum += columns[x]!;
  const [left, right] = [Math.min(radius + 1, width), Math.max(width - radius, 0)];
  let x = 0;
  for (; x < Math.min(left, right); x++) {
    sum += columns[x + radius]!;
    result[at + x] = sum * share * shares[x]!;
  }
  for (; x < left; x++) result[at + x] = sum * share * shares[x]!; // windows that hold the whole row
  for (; x < right; x++) {
    sum += columns[x + radius]!;
    sum -= columns[x - radius - 1]!;
    result[at + x] = sum * share * shares[x]!;
  }
  for (; x < width; x++) {
    sum -= columns[x - radius - 1]!;
    result[at + x] = sum * share * shares[x]!;
  }
}

/** One over the number of pixels within `radius` of each that lie inside. */
function sharesOf(length: number, radius: number): Float64Array {
  return Float64Array.from(
    { length },
    (_, at) => 1 / (Math.min(at + radius, length - 1) - Math.max(at - radius, 0) + 1),
  );
}
