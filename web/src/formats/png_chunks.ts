/** PNG's chunks: length, name, content, checksum. Twin of Python's `png_chunks.py`. */
import { unzlibSync, zlibSync } from "fflate";
import { ascii, big, bigBytes, concat, latin1 } from "./bytes.ts";
import { crc32 } from "./checksums.ts";
import { broken, cutShort } from "./damage.ts";
import type { Dpi } from "./exif.ts";

export const SIGNATURE = latin1("\x89PNG\r\n\x1a\n");
const FRAMES = new Set(["acTL", "fcTL", "fdAT", "tRNS"]);
const INCH_M = 0.0254;
const PROFILE_LIMIT = 16_000_000; // bytes of an unpacked profile: real ones have a few megabytes at most

/** Each chunk up to IEND. Checksums count where pixels hang on them; a wrong one in a comment harms nobody. */
export function* chunks(bytes: Uint8Array): Generator<readonly [name: string, content: Uint8Array]> {
  let at = SIGNATURE.length;
  while (at + 12 <= bytes.length) {
    const length = big(bytes, at, 4);
    const name = ascii(bytes, at + 4, 4);
    if (!/^[a-z]{4}$/i.test(name)) throw broken("PNG", "a chunk has no name");
    if (at + 12 + length > bytes.length) break;
    const content = bytes.subarray(at + 8, at + 8 + length);
    const counts = /^[A-Z]/.test(name) || FRAMES.has(name);
    if (counts && crc32(bytes.subarray(at + 4, at + 8 + length)) !== big(bytes, at + 8 + length, 4)) {
      throw broken("PNG", `the checksum of its part ${name} is wrong`);
    }
    yield [name, content];
    if (name === "IEND") return;
    at += 12 + length;
  }
  throw cutShort("PNG");
}

/** What stands before and after a chunk's content of several parts. */
export function chunk(name: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const checksum = parts.reduce((sum, part) => crc32(part, sum), crc32(latin1(name)));
  const head = concat([bigBytes([[length, 4]]), latin1(name)]);
  return [head, ...(parts as Uint8Array<ArrayBuffer>[]), bigBytes([[checksum, 4]])];
}

/** iCCP's content: an ICC profile. */
export function profileContent(profile: Uint8Array): Uint8Array {
  return concat([latin1("ICC profile\0\0"), zlibSync(profile, { level: 9 })]);
}

/** The ICC profile in an iCCP chunk; null where it is broken or of a size that no profile has. */
export function readProfile(content: Uint8Array): Uint8Array | null {
  const end = content.indexOf(0);
  if (end < 0 || (content.length - end) * 1032 > PROFILE_LIMIT * 64) return null;
  try {
    const profile = unzlibSync(content.subarray(end + 2));
    return profile.length <= PROFILE_LIMIT ? profile : null;
  } catch {
    return null;
  }
}

/** pHYs' content: pixels a metre, from pixels an inch. */
export function dpiContent(dpi: Dpi): Uint8Array {
  return bigBytes([
    [Math.round(dpi[0] / INCH_M), 4],
    [Math.round(dpi[1] / INCH_M), 4],
    [1, 1],
  ]);
}

/** Pixels an inch in a pHYs chunk, to a hundredth; null where it tells a shape only. */
export function readDpi(content: Uint8Array): Dpi | null {
  if (content.length !== 9 || content[8] !== 1) return null;
  // A metre is no whole number of inches: 300 dpi is stored as 11811, which is 299.9994.
  const side = (at: number): number => Math.round(big(content, at, 4) * INCH_M * 100) / 100;
  return [side(0), side(4)];
}

const SRGB_PRIMARIES = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];

/** cHRM or gAMA say something else than sRGB, by more than rounding. */
export function differsFromSrgb(name: "cHRM" | "gAMA", content: Uint8Array): boolean {
  if (name === "gAMA") return Math.abs(big(content, 0, 4) - 45455) > 900;
  return SRGB_PRIMARIES.some((value, i) => Math.abs(big(content, 4 * i, 4) - value) > 300);
}
