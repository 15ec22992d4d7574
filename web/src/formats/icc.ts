/** ICC profiles: what space they describe, grey ones as sRGB, and profiles for colour codes. ICC.1:2022. */
import { toSrgb } from "../kernels/colour.ts";
import { ascii, big, bigBytes, concat, latin1 } from "./bytes.ts";

export type ColourSpace = "rgb" | "gray" | "cmyk";

const SPACES: Readonly<Record<string, ColourSpace>> = { "RGB ": "rgb", GRAY: "gray", CMYK: "cmyk" };
const NEEDED: Readonly<Record<ColourSpace, readonly (readonly string[])[]>> = {
  rgb: [["rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"], ["A2B0"], ["A2B1"]],
  gray: [["kTRC"]],
  cmyk: [["A2B0"], ["A2B1"]],
};

/** The tags of a profile by name; null where it is no profile, or a tag points outside. */
function tagsOf(profile: Uint8Array): Map<string, Uint8Array> | null {
  if (profile.length < 132 || ascii(profile, 36, 4) !== "acsp") return null;
  const tags = new Map<string, Uint8Array>();
  const count = big(profile, 128, 4);
  if (132 + 12 * count > profile.length) return null;
  for (let at = 132; at < 132 + 12 * count; at += 12) {
    const [offset, length] = [big(profile, at + 4, 4), big(profile, at + 8, 4)];
    if (offset + length > profile.length) return null;
    tags.set(ascii(profile, at, 4), profile.subarray(offset, offset + length));
  }
  return tags;
}

/** The space of the colours that a profile describes; null where it is broken or of another kind. */
export function colourSpace(profile: Uint8Array): ColourSpace | null {
  const tags = tagsOf(profile);
  const space = tags && SPACES[ascii(profile, 16, 4)];
  return space && NEEDED[space].some((names) => names.every((name) => tags.has(name))) ? space : null;
}

/** What sRGB calls each grey level of a grey profile, 0 to `maximum`. */
export function greyToSrgb(profile: Uint8Array, maximum: 255 | 65535): Uint16Array {
  const levels = Float32Array.from({ length: maximum + 1 }, (_, level) => level / maximum);
  toSrgb(levels, profile);
  return Uint16Array.from(levels, (level) => Math.floor(level * maximum + 0.5));
}

type Row = readonly [number, number, number];
/** Columns red, green, blue of XYZ under D50: the primaries of ITU-T H.273, adapted from D65 by Bradford's matrix. */
const COLORANTS: Readonly<Record<number, { name: string; columns: readonly [Row, Row, Row] }>> = {
  9: {
    name: "BT.2020 primaries, sRGB curve",
    columns: [
      [0.673459, 0.279033, -0.001931],
      [0.165661, 0.675338, 0.029979],
      [0.125083, 0.045629, 0.797162],
    ],
  },
  12: {
    name: "Display P3",
    columns: [
      [0.515102, 0.241182, -0.001049],
      [0.291965, 0.692236, 0.041882],
      [0.157153, 0.066582, 0.784378],
    ],
  },
};

/**
 * A profile for the colour codes (primaries, transfer) of AVIF and HEIC; null for sRGB's. Told apart are Display P3 and
 * BT.2020's primaries with sRGB's curve, which is what phones write; HDR's curves are read as they are, too flat.
 */
export function profileOfCodes(primaries: number, transfer: number): Uint8Array<ArrayBuffer> | null {
  const known = COLORANTS[primaries];
  return known && [1, 6, 13, 14, 15].includes(transfer) ? matrixProfile(known.name, known.columns) : null;
}

function matrixProfile(name: string, [red, green, blue]: readonly [Row, Row, Row]): Uint8Array<ArrayBuffer> {
  const curve = concat([
    latin1("para\0\0\0\0\0\x03\0\0"),
    ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed16),
  ]);
  const bradford = [1.047882, 0.022919, -0.050216, 0.029587, 0.990479, -0.017059, -0.009251, 0.015076, 0.751678];
  const content: readonly (readonly [string, Uint8Array])[] = [
    ["desc", text(name)],
    ["cprt", text("CC0")],
    ["wtpt", xyz([0.9642, 1, 0.8249])],
    ["chad", concat([latin1("sf32\0\0\0\0"), ...bradford.map(fixed16)])],
    ["rXYZ", xyz(red)],
    ["gXYZ", xyz(green)],
    ["bXYZ", xyz(blue)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const table: Uint8Array[] = [bigBytes([[content.length, 4]])];
  let at = 128 + 4 + 12 * content.length;
  for (const [tag, data] of content) {
    table.push(
      latin1(tag),
      bigBytes([
        [at, 4],
        [data.length, 4],
      ]),
    );
    at += data.length;
  }
  const head = concat([
    bigBytes([
      [at, 4],
      [0, 4],
      [0x04300000, 4],
    ]),
    latin1("mntrRGB XYZ "),
    bigBytes([
      [2026, 2],
      [1, 2],
      [1, 2],
      [0, 6],
    ]),
    latin1("acsp"),
    new Uint8Array(28),
    ...[0.9642, 1, 0.8249].map(fixed16),
    new Uint8Array(48),
  ]);
  return concat([head, ...table, ...content.map(([, data]) => data)]);
}

function fixed16(value: number): Uint8Array<ArrayBuffer> {
  return bigBytes([[Math.round(value * 65536) >>> 0, 4]]);
}

function xyz(values: Row): Uint8Array<ArrayBuffer> {
  return concat([latin1("XYZ \0\0\0\0"), ...values.map(fixed16)]);
}

/** "mluc": one text, in English; padded, for tags begin at multiples of four. */
function text(words: string): Uint8Array<ArrayBuffer> {
  const letters = [...words].flatMap((letter) => [0, letter.charCodeAt(0)]);
  const head = concat([
    latin1("mluc\0\0\0\0"),
    bigBytes([
      [1, 4],
      [12, 4],
    ]),
    latin1("enUS"),
    bigBytes([
      [letters.length, 4],
      [28, 4],
    ]),
  ]);
  return concat([head, Uint8Array.from(letters), new Uint8Array((4 - (letters.length % 4)) % 4)]);
}
