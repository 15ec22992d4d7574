/** What stands in a JPEG before its pixels. Twin of the parser in Python's `jpeg_reader.py`. */
import { ascii, big, concat, startsWith } from "./bytes.ts";
import { broken, cutShort } from "./damage.ts";
import type { Dpi } from "./exif.ts";

const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const [SCAN, JFIF, EXIF, ICC, ADOBE, LAST_APPLICATION, COMMENT] = [0xda, 0xe0, 0xe1, 0xe2, 0xee, 0xef, 0xfe];

export interface JpegHeader {
  width: number;
  height: number;
  components: number;
  precision: number;
  dpi: Dpi | null;
  exif: Uint8Array | null;
  profile: Uint8Array | null;
  /** The file without what the pixels do not need: a decoder turns nothing and trips over no maker's note. */
  essential: Uint8Array<ArrayBuffer>;
}

export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const header = { width: 0, height: 0, components: 0, precision: 0, dpi: null, exif: null } as Omit<
    JpegHeader,
    "essential" | "profile"
  >;
  const essential: Uint8Array[] = [Uint8Array.of(0xff, 0xd8)];
  const profile = { parts: new Map<number, Uint8Array>(), count: 0 };
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++; // fill bytes
    if (at + 4 > bytes.length) throw cutShort("JPEG");
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xd8 || marker === 0xd9) {
      throw broken("JPEG", "its parts do not follow on each other");
    }
    if (marker === SCAN) {
      if (!header.components) throw broken("JPEG", "it has pixels but no header");
      essential.push(bytes.subarray(at));
      return { ...header, profile: joined(profile), essential: concat(essential) };
    }
    const length = big(bytes, at + 2, 2);
    if (length < 2) throw broken("JPEG", "a part has a wrong length");
    if (at + 2 + length > bytes.length) throw cutShort("JPEG");
    take(header, profile, marker, bytes.subarray(at + 4, at + 2 + length));
    // Of the applications' parts only those that tell how colours are stored are handed on.
    const isTold = (marker > JFIF! && marker <= LAST_APPLICATION! && marker !== ADOBE) || marker === COMMENT;
    if (!isTold) essential.push(bytes.subarray(at, at + 2 + length));
    at += 2 + length;
  }
}

interface Parts {
  readonly parts: Map<number, Uint8Array>;
  count: number;
}

function take(
  header: Omit<JpegHeader, "essential" | "profile">,
  profile: Parts,
  marker: number,
  content: Uint8Array,
): void {
  if (FRAMES.has(marker) && content.length >= 6) {
    header.precision = content[0]!;
    header.height = big(content, 1, 2);
    header.width = big(content, 3, 2);
    header.components = content[5]!;
  } else if (marker === JFIF && startsWith(content, "JFIF\0") && content.length >= 12) {
    const [unit, x, y] = [content[7]!, big(content, 8, 2), big(content, 10, 2)];
    const scale = unit === 1 ? 1 : unit === 2 ? 2.54 : 0;
    header.dpi = scale && x && y ? [x * scale, y * scale] : null;
  } else if (marker === EXIF && startsWith(content, "Exif\0") && !header.exif) {
    header.exif = content.subarray(6);
  } else if (marker === ICC && ascii(content, 0, 12) === "ICC_PROFILE\0" && content.length > 14) {
    profile.parts.set(content[12]!, content.subarray(14));
    profile.count = content[13]!;
  }
}

/** The ICC profile from its parts; null where one is missing. */
function joined({ parts, count }: Parts): Uint8Array | null {
  if (!parts.size) return null;
  const inOrder: Uint8Array[] = [];
  for (let place = 1; place <= count; place++) {
    const part = parts.get(place);
    if (!part) return null;
    inOrder.push(part);
  }
  return concat(inOrder);
}
