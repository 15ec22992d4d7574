/**
 * PNG's row filters: each pixel as its difference from its neighbours, which packs better (W3C, "Portable Network
 * Graphics", section 9). One filter serves a whole picture; which one is told by packing a sample of rows.
 */
import { paeth } from "./png_rows.ts";

export type RowFilter = "none" | "sub" | "up" | "paeth";
export const FILTERS: readonly RowFilter[] = ["none", "sub", "up", "paeth"];
const NUMBERS: Readonly<Record<RowFilter, number>> = { none: 0, sub: 1, up: 2, paeth: 4 };

/** Writes `row` filtered into `out`, which is one byte longer: it begins with the filter's number. */
export function filterRow(
  filter: RowFilter,
  row: Uint8Array,
  above: Uint8Array,
  pixelBytes: number,
  out: Uint8Array,
): void {
  const length = row.length;
  out[0] = NUMBERS[filter];
  if (filter === "none") out.set(row, 1);
  else if (filter === "up") for (let i = 0; i < length; i++) out[i + 1] = row[i]! - above[i]!;
  else {
    const isSub = filter === "sub";
    for (let i = 0; i < pixelBytes; i++) out[i + 1] = isSub ? row[i]! : row[i]! - above[i]!;
    if (isSub) for (let i = pixelBytes; i < length; i++) out[i + 1] = row[i]! - row[i - pixelBytes]!;
    else {
      for (let i = pixelBytes; i < length; i++) {
        out[i + 1] = row[i]! - paeth(row[i - pixelBytes]!, above[i]!, above[i - pixelBytes]!);
      }
    }
  }
}
