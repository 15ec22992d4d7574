/**
 * TIFF directories, which are also how EXIF blocks are written. Twin of Python's `ifd.py`, for classic TIFF.
 *
 *     header (byte order, 42, offset) → directory: count, tags of 12 bytes, offset of the next one
 *                                       tag: number, kind, count, value (or the offset of a longer one)
 */
import { big, bigBytes, concat, little, littleBytes } from "./bytes.ts";

export type Order = "little" | "big";

/** One tag's value: `kind` is TIFF's number of a type, `data` is in the file's byte order. */
export interface Tag {
  readonly kind: number;
  readonly count: number;
  readonly data: Uint8Array;
}

export type Tags = Map<number, Tag>;

const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
};

export function unsigned(bytes: Uint8Array, at: number, count: number, order: Order): number {
  return order === "little" ? little(bytes, at, count) : big(bytes, at, count);
}

export function unsignedBytes(value: number, count: number, order: Order): Uint8Array<ArrayBuffer> {
  return order === "little" ? littleBytes(value, count) : bigBytes([[value, count]]);
}

/** The first number of a tag; a fraction is divided out (0 where the divisor is 0); null for text. */
export function numberOf(tag: Tag | undefined, order: Order): number | null {
  if (!tag) return null;
  const view = new DataView(tag.data.buffer, tag.data.byteOffset, tag.data.length);
  const isLittle = order === "little";
  const ratio = (a: number, b: number): number => (b ? a / b : 0);
  switch (tag.kind) {
    case 1:
      return view.getUint8(0);
    case 3:
      return view.getUint16(0, isLittle);
    case 4:
    case 13:
      return view.getUint32(0, isLittle);
    case 5:
      return ratio(view.getUint32(0, isLittle), view.getUint32(4, isLittle));
    case 6:
      return view.getInt8(0);
    case 8:
      return view.getInt16(0, isLittle);
    case 9: // some programs write sizes and orientations as signed numbers
      return view.getInt32(0, isLittle);
    case 10:
      return ratio(view.getInt32(0, isLittle), view.getInt32(4, isLittle));
    case 11:
      return view.getFloat32(0, isLittle);
    case 12:
      return view.getFloat64(0, isLittle);
    default:
      return null;
  }
}

/** The byte order and the place of the first directory; null where there is no header. */
export function readHeader(bytes: Uint8Array): { order: Order; first: number } | null {
  const mark = String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0);
  if ((mark !== "II" && mark !== "MM") || bytes.length < 8) return null;
  const order = mark === "II" ? "little" : "big";
  return unsigned(bytes, 2, 2, order) === 42 ? { order, first: unsigned(bytes, 4, 4, order) } : null;
}

/**
 * The tags of the directory at `offset`; null where it is not there. Tags that point outside the block or have an
 * unknown kind are left out.
 */
export function readDirectory(bytes: Uint8Array, order: Order, offset: number): Tags | null {
  if (offset < 8 || offset + 2 > bytes.length) return null;
  const count = unsigned(bytes, offset, 2, order);
  if (offset + 2 + 12 * count > bytes.length) return null;
  const tags: Tags = new Map();
  for (let at = offset + 2; at < offset + 2 + 12 * count; at += 12) {
    const number = unsigned(bytes, at, 2, order);
    const kind = unsigned(bytes, at + 2, 2, order);
    const length = unsigned(bytes, at + 4, 4, order);
    const size = (SIZES[kind] ?? 0) * length;
    const place = size <= 4 ? at + 8 : unsigned(bytes, at + 8, 4, order);
    // As libtiff: the first of two counts.
    if (!size || place + size > bytes.length || tags.has(number)) continue;
    tags.set(number, { kind, count: length, data: bytes.slice(place, place + size) });
  }
  return tags;
}

/** The bytes of a directory that will lie at `offset`, followed by its longer values; no next one. */
export function writeDirectory(tags: Tags, order: Order, offset: number): Uint8Array<ArrayBuffer> {
  let valuesAt = offset + 2 + 12 * tags.size + 4;
  const entries: Uint8Array[] = [unsignedBytes(tags.size, 2, order)];
  const values: Uint8Array[] = [];
  for (const [number, tag] of [...tags].sort(([a], [b]) => a - b)) {
    entries.push(
      unsignedBytes(number, 2, order),
      unsignedBytes(tag.kind, 2, order),
      unsignedBytes(tag.count, 4, order),
    );
    if (tag.data.length <= 4) {
      entries.push(tag.data, new Uint8Array(4 - tag.data.length));
      continue;
    }
    entries.push(unsignedBytes(valuesAt, 4, order));
    const padding = tag.data.length % 2; // values begin at even offsets
    values.push(tag.data, new Uint8Array(padding));
    valuesAt += tag.data.length + padding;
  }
  return concat([...entries, new Uint8Array(4), ...values]);
}

/** The eight bytes before a first directory that follows on them. */
export function headerBytes(order: Order): Uint8Array<ArrayBuffer> {
  const mark = order === "little" ? 0x49 : 0x4d;
  return concat([Uint8Array.of(mark, mark), unsignedBytes(42, 2, order), unsignedBytes(8, 4, order)]);
}
