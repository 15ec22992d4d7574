/**
 * EXIF blocks: read leniently, written anew with nothing in them that describes the old picture. Twin of Python's
 * `exif.py`.
 *
 * A block is rebuilt from the tags that are about the photograph. Left behind are the thumbnail (it shows the
 * background), the maker's note, sizes and places in pixels, and the orientation, which is applied when a picture is read.
 */
import { concat, startsWith } from "./bytes.ts";
import {
  headerBytes,
  numberOf,
  type Order,
  readDirectory,
  readHeader,
  type Tag,
  type Tags,
  unsignedBytes,
  writeDirectory,
} from "./ifd.ts";

export type Dpi = readonly [number, number];

const PHOTO = 0x8769;
const PLACE = 0x8825;
const [X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT, ORIENTATION] = [282, 283, 296, 274];
// Description, make, model, software, date, artist, copyright, rating, and Windows' title to subject.
const KEPT = new Set([
  270, 271, 272, 305, 306, 315, 316, 33432, 0x4746, 0x4749, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f,
]);
// Maker's note, pixel size, interoperability, subject's area and place, FlashPix: about a file that is gone.
const DROPPED = new Set([37500, 40960, 40962, 40963, 0xa005, 37396, 41492]);

interface Exif {
  readonly order: Order;
  readonly main: Tags;
  readonly photo: Tags;
  readonly place: Tags;
}

/** The orientation a block tells, 1 to 8; 1 where it tells none. */
export function orientationOf(block: Uint8Array | null): number {
  const found = mainOf(block);
  const number = found && numberOf(found.main.get(ORIENTATION), found.order);
  return number && number >= 1 && number <= 8 ? Math.trunc(number) : 1;
}

/** (horizontal, vertical) pixels an inch, where a block tells them. */
export function dpiOf(block: Uint8Array | null): Dpi | null {
  const found = mainOf(block);
  if (!found) return null;
  const [x, y, unit] = [X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT].map((tag) =>
    numberOf(found.main.get(tag!), found.order),
  );
  if (!x || !y || unit === 1) return null;
  const scale = unit === 3 ? 2.54 : 1;
  return [x * scale, y * scale];
}

/** The block without what it must not carry on (see above); null where nothing is left or it is broken. */
export function cleaned(block: Uint8Array | null): Uint8Array | null {
  const exif = parse(block);
  return exif && serialise(exif);
}

/** The cleaned block without the GPS directory. */
export function withoutPlace(block: Uint8Array | null): Uint8Array | null {
  const exif = parse(block);
  return exif && serialise({ ...exif, place: new Map() });
}

/** The block with a resolution, for formats that have no other place for it; a new one where there is none. */
export function withResolution(block: Uint8Array | null, dpi: Dpi | null): Uint8Array | null {
  const exif = parse(block) ?? { order: "little", main: new Map(), photo: new Map(), place: new Map() };
  if (!dpi) return serialise(exif);
  const main = new Map(exif.main);
  const side = (value: number): Tag => ({
    kind: 5,
    count: 1,
    data: concat([unsignedBytes(Math.round(value * 1000), 4, exif.order), unsignedBytes(1000, 4, exif.order)]),
  });
  main.set(X_RESOLUTION!, side(dpi[0])).set(Y_RESOLUTION!, side(dpi[1]));
  main.set(RESOLUTION_UNIT!, { kind: 3, count: 1, data: unsignedBytes(2, 2, exif.order) });
  return serialise({ ...exif, main });
}

function bare(block: Uint8Array): Uint8Array {
  return startsWith(block, "Exif\0\0") ? block.subarray(6) : block;
}

function mainOf(block: Uint8Array | null): { order: Order; main: Tags } | null {
  if (!block) return null;
  const bytes = bare(block);
  const header = readHeader(bytes);
  const main = header && readDirectory(bytes, header.order, header.first);
  return header && main ? { order: header.order, main } : null;
}

function parse(block: Uint8Array | null): Exif | null {
  const found = mainOf(block);
  if (!block || !found) return null;
  const below = (pointer: number): Tags => {
    const offset = numberOf(found.main.get(pointer), found.order);
    return (offset && offset > 0 && readDirectory(bare(block), found.order, offset)) || new Map();
  };
  const filter = (tags: Tags, keeps: (number: number) => boolean): Tags =>
    new Map([...tags].filter(([number]) => keeps(number)));
  return {
    order: found.order,
    main: filter(found.main, (number) => KEPT.has(number)),
    photo: filter(below(PHOTO), (number) => !DROPPED.has(number)),
    place: below(PLACE),
  };
}

function serialise(exif: Exif): Uint8Array | null {
  const below = [[PHOTO, exif.photo] as const, [PLACE, exif.place] as const].filter(([, tags]) => tags.size);
  if (!exif.main.size && !below.length) return null;
  const main = new Map(exif.main);
  for (const [number] of below) main.set(number, { kind: 4, count: 1, data: new Uint8Array(4) });
  let end = 8 + writeDirectory(main, exif.order, 8).length;
  const blobs: Uint8Array[] = [];
  for (const [number, tags] of below) {
    main.set(number, { kind: 4, count: 1, data: unsignedBytes(end, 4, exif.order) });
    const blob = writeDirectory(tags, exif.order, end);
    blobs.push(blob);
    end += blob.length;
  }
  return concat([headerBytes(exif.order), writeDirectory(main, exif.order, 8), ...blobs]);
}
