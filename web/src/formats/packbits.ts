/** PackBits, as Photoshop's files have it: 1 + n bytes as they are, or one byte n times (Apple, Technical Note TN1023). */

/** Writes `row` packed into `out` from `at` on and gives the place after it; it takes at most `most(row.length)` bytes. */
export function packBits(row: Uint8Array, out: Uint8Array, at: number): number {
  const length = row.length;
  let to = at;
  for (let i = 0; i < length; ) {
    let end = i + 1;
    const value = row[i]!;
    while (end < length && end - i < 128 && row[end] === value) end++;
    if (end - i >= 3 || end - i === length - i) {
      out[to++] = 257 - (end - i) === 256 ? 0 : 257 - (end - i);
      out[to++] = value;
      i = end;
      continue;
    }
    // Up to where three are the same: shorter runs cost more than they save.
    end = i + 1;
    while (end < length && end - i < 128 && !(row[end] === row[end + 1] && row[end] === row[end + 2])) end++;
    out[to++] = end - i - 1;
    // Few bytes are copied quicker one by one than through a view.
    for (; i < end; i++) out[to++] = row[i]!;
  }
  return to;
}

export function most(length: number): number {
  return length + Math.ceil(length / 128);
}
