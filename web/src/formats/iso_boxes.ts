/**
 * The boxes of AVIF and HEIC files (ISO 14496-12 and 23008-12): what the primary picture says about itself. Twin of
 * Python's `iso_boxes.py`.
 *
 *     meta ┬ pitm          which item is the picture
 *          ├ iinf · infe   which item is its EXIF block
 *          ├ iloc          where items lie
 *          └ iprp ┬ ipco   properties: ispe (size), irot, imir, colr (profile), av1C (depth)
 *                 └ ipma   which properties belong to which item
 */
import { ascii, big } from "./bytes.ts";

// By quarter turns anticlockwise; mirror: none, 0 top to bottom, 1 left to right; turned first, to EXIF's numbers.
const ORIENTATIONS = { none: [1, 8, 3, 6], 0: [4, 5, 2, 7], 1: [2, 7, 4, 5] } as const;

export type Boxes = ReadonlyMap<string, Uint8Array>;

/** What a file says of its primary picture; `width` and `height` as stored. `codes` are (primaries, transfer, matrix). */
export interface Primary {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly orientation: number;
  readonly profile: Uint8Array | null;
  readonly codes: readonly [number, number, number] | null;
  readonly exif: Uint8Array | null;
}

/** (name, content) of each box; throws where one is cut short. */
export function* boxes(bytes: Uint8Array): Generator<readonly [name: string, content: Uint8Array]> {
  let at = 0;
  while (at + 8 <= bytes.length) {
    let [length, start] = [big(bytes, at, 4), at + 8];
    const name = ascii(bytes, at + 4, 4);
    if (length === 1) {
      length = big(bytes, start, 4) * 2 ** 32 + big(bytes, start + 4, 4);
      start += 8;
    } else if (length === 0) length = bytes.length - at;
    if (length < start - at) throw new Error("a box has a wrong length");
    if (at + length > bytes.length) throw new Error("truncated: a box goes on after the end");
    yield [name, bytes.subarray(start, at + length)];
    at += length;
  }
}

/** The boxes inside `meta`; throws where there are none. */
export function metaOf(bytes: Uint8Array): Boxes {
  const meta = new Map(boxes(bytes)).get("meta");
  if (!meta) throw new Error("it has no description of a picture");
  return new Map(boxes(meta.subarray(4)));
}

export function primaryItem(meta: Boxes): number {
  const pitm = meta.get("pitm");
  if (!pitm || !meta.has("iprp")) throw new Error("it names no picture");
  return big(pitm, 4, pitm[0] ? 4 : 2);
}

export function primary(bytes: Uint8Array): Primary {
  const meta = metaOf(bytes);
  const properties = propertiesOf(meta, primaryItem(meta));
  const ispe = properties.get("ispe");
  if (!ispe || ispe.length < 12) throw new Error("it does not tell its size");
  const turn = (properties.get("irot")?.[0] ?? 0) & 3;
  const imir = properties.get("imir");
  const mirror = imir ? (((imir[0] ?? 0) & 1) as 0 | 1) : "none";
  const flags = properties.get("av1C")?.[2] ?? 0;
  const icc = properties.get("prof") ?? properties.get("rICC");
  const nclx = properties.get("nclx");
  return {
    width: big(ispe, 4, 4),
    height: big(ispe, 8, 4),
    depth: flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8,
    orientation: ORIENTATIONS[mirror][turn]!,
    profile: icc ? icc.subarray(4) : null,
    codes: !icc && nclx && nclx.length >= 10 ? [big(nclx, 4, 2), big(nclx, 6, 2), big(nclx, 8, 2)] : null,
    exif: exifOf(bytes, meta),
  };
}

/** The properties of one item; of two `colr` each has its kind's name (`nclx`, `prof`). */
export function propertiesOf(meta: Boxes, item: number): Boxes {
  const parts = new Map(boxes(meta.get("iprp") ?? new Uint8Array(0)));
  const every = [...boxes(parts.get("ipco") ?? new Uint8Array(0))];
  const own = new Map<string, Uint8Array>();
  for (const place of associations(parts.get("ipma") ?? new Uint8Array(0), item)) {
    const found = every[place - 1];
    if (found) own.set(found[0] === "colr" ? ascii(found[1], 0, 4) : found[0], found[1]);
  }
  return own;
}

function associations(ipma: Uint8Array, item: number): number[] {
  const idLength = ipma[0] ? 4 : 2;
  const [step, mask] = (ipma[3] ?? 0) & 1 ? [2, 0x7fff] : [1, 0x7f];
  let at = 8;
  for (let left = big(ipma, 4, 4); left > 0 && at < ipma.length; left--) {
    const owner = big(ipma, at, idLength);
    const count = ipma[at + idLength] ?? 0;
    at += idLength + 1;
    if (owner === item) return Array.from({ length: count }, (_, i) => big(ipma, at + step * i, step) & mask);
    at += step * count;
  }
  return [];
}

/** The EXIF block; null where there is none, or where it lies elsewhere than in one piece in the file itself. */
function exifOf(bytes: Uint8Array, meta: Boxes): Uint8Array | null {
  const item = exifItem(meta.get("iinf"));
  const content = item === null ? null : itemContent(bytes, meta, item);
  if (!content) return null;
  const start = 4 + big(content, 0, 4); // the block begins with how far away the TIFF header is
  return start < content.length ? content.subarray(start) : null;
}

function exifItem(iinf: Uint8Array | undefined): number | null {
  if (!iinf) return null;
  for (const [name, entry] of boxes(iinf.subarray(iinf[0] === 0 ? 6 : 8))) {
    const idLength = entry[0] === 3 ? 4 : 2;
    if (name === "infe" && ascii(entry, 6 + idLength, 4) === "Exif") return big(entry, 4, idLength);
  }
  return null;
}

/** The bytes of an item that lies in one piece in the file itself, else null. */
export function itemContent(bytes: Uint8Array, meta: Boxes, item: number): Uint8Array | null {
  const iloc = meta.get("iloc");
  if (!iloc) return null;
  const [version, sizes, more] = [iloc[0]!, iloc[4]!, iloc[5]!];
  const [offsetSize, lengthSize, baseSize] = [sizes >> 4, sizes & 15, more >> 4];
  const indexSize = version ? more & 15 : 0;
  const idSize = version === 2 ? 4 : 2;
  let at = 6 + idSize;
  for (let left = big(iloc, 6, idSize); left > 0 && at < iloc.length; left--) {
    const owner = big(iloc, at, idSize);
    at += idSize;
    const method = version ? big(iloc, at, 2) & 15 : 0;
    at += (version ? 2 : 0) + 2;
    const base = big(iloc, at, baseSize);
    at += baseSize;
    const extents = big(iloc, at, 2);
    at += 2;
    if (owner === item) {
      const start = base + big(iloc, at + indexSize, offsetSize);
      const length = big(iloc, at + indexSize + offsetSize, lengthSize);
      return method === 0 && extents === 1 ? bytes.subarray(start, start + length) : null;
    }
    at += extents * (indexSize + offsetSize + lengthSize);
  }
  return null;
}
