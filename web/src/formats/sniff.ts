/** What a file is, by its first bytes; its name is never believed. Twin of Python's `sniff.py`. */
import { FeathercutError } from "../errors.ts";
import { ascii, big, little, startsWith } from "./bytes.ts";

export type Kind = "jpeg" | "png" | "webp" | "avif" | "heic" | "tiff" | "bmp" | "gif";

export const READ = "JPEG, PNG, WebP, AVIF, TIFF, GIF and BMP, and HEIC where the browser can";

const STARTS: readonly (readonly [string, Kind])[] = [
  ["\xff\xd8\xff", "jpeg"],
  ["\x89PNG\r\n\x1a\n", "png"],
  ["GIF87a", "gif"],
  ["GIF89a", "gif"],
  ["II*\0", "tiff"],
  ["MM\0*", "tiff"],
  ["II+\0", "tiff"],
  ["MM\0+", "tiff"],
];

const STRANGERS: readonly (readonly [string, string])[] = [
  ["%PDF", "a PDF"],
  ["%!PS", "a PostScript file"],
  ["PK\x03\x04", "a ZIP archive (or an Office document)"],
  ["\x1f\x8b", "a gzip archive"],
  ["7z\xbc\xaf", "a 7z archive"],
  ["Rar!", "a RAR archive"],
  ["8BPS", "a Photoshop file"],
  ["8BPB", "a Photoshop file"],
  ["gimp xcf", "a GIMP file"],
  ["\xff\x0a", "a JPEG XL picture"],
  ["\0\0\0\x0cJXL ", "a JPEG XL picture"],
  ["\0\0\0\x0cjP  ", "a JPEG 2000 picture"],
  ["\xff\x4f\xff\x51", "a JPEG 2000 picture"],
  ["FUJIFILMCCD-RAW", "a camera's raw file"],
  ["IIU\0", "a camera's raw file"],
  ["IIRO", "a camera's raw file"],
  ["\0\0\x01\0", "an icon"],
  ["\x1aE\xdf\xa3", "a video"],
  ["OggS", "sound or video"],
  ["ID3", "sound"],
  ["\x7fELF", "a program"],
  ["MZ", "a program"],
];

const INSTEAD: Readonly<Record<string, string>> = {
  "an SVG drawing": "Draw it as a PNG first",
  "a PDF": "Save its page as a PNG first",
  "a camera's raw file": "Develop it to JPEG or PNG first",
  "a Photoshop file": "Save it as PNG first",
  "a JPEG XL picture": "Save it as PNG first",
  "a video": "Save its frames as pictures first",
};

const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx"];
const BMP_HEADERS = [12, 40, 52, 56, 64, 108, 124];
// What may stand before a drawing: white space, the prolog and other instructions, comments, a doctype.
const BEFORE_SVG = /\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!doctype\s+svg[^>[]*(?:\[[^\]]*\])?\s*>/iy;

/** The format; throws FeathercutError("not-a-picture"), which names what the bytes seem to be. */
export function sniff(bytes: Uint8Array): Kind {
  if (!bytes.length) throw new FeathercutError("not-a-picture", `The file is empty. Read are ${READ}`);
  for (const [start, kind] of STARTS) if (startsWith(bytes, start)) return kind;
  // `BM` begins many a text; a BMP's third number, the size of its second header, is one of a few.
  if (startsWith(bytes, "BM") && (bytes.length < 18 || BMP_HEADERS.includes(little(bytes, 14, 4)))) return "bmp";
  if (startsWith(bytes, "RIFF") && ascii(bytes, 8, 4) === "WEBP") return "webp";
  const branded = ascii(bytes, 4, 4) === "ftyp" ? byBrand(bytes) : null;
  if (branded) return branded;
  throw refusal(stranger(bytes));
}

/** The error for a file that is something else: `what` with its article. */
export function refusal(what: string): FeathercutError {
  const instead = INSTEAD[what] ?? `Read are ${READ}`;
  return new FeathercutError("not-a-picture", `The file is ${what}, no picture that is read here. ${instead}`);
}

/** The error for a picture that other browsers read, or the command: `what` with its article. */
export function notHere(what: string): FeathercutError {
  return new FeathercutError(
    "not-here",
    `The file is ${what}, which this browser does not decode. Save it as JPEG or PNG first, or use the \`feathercut\` command`,
  );
}

/** The format that an ISO media file's brands tell; the first that we know counts. */
function byBrand(bytes: Uint8Array): Kind | null {
  const end = Math.min(big(bytes, 0, 4), 4096, bytes.length);
  const brands = [ascii(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(bytes, at, 4));
  for (const brand of brands) {
    if (brand === "avif" || brand === "avis") return "avif";
    if (HEIC.includes(brand)) return "heic";
  }
  return brands[0] === "mif1" || brands[0] === "msf1" ? "heic" : null;
}

function stranger(bytes: Uint8Array): string {
  for (const [start, name] of STRANGERS) if (startsWith(bytes, start)) return name;
  if (ascii(bytes, 4, 4) === "ftyp") return ascii(bytes, 8, 3) === "crx" ? "a camera's raw file" : "a video";
  if (startsWith(bytes, "RIFF")) return ascii(bytes, 8, 4) === "AVI " ? "a video" : "sound";
  if (ascii(bytes, 257, 5) === "ustar") return "a tar archive";
  return textKind(bytes.subarray(0, 4096));
}

function textKind(head: Uint8Array): string {
  let text: string;
  try {
    // `stream` forgives a last letter that is cut.
    text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
  } catch {
    return "of an unknown kind";
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a text does not hold
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) return "of an unknown kind";
  if (isDrawing(text)) return "an SVG drawing";
  if (/^\s*(<!doctype html|<html)/i.test(text)) return "a web page (HTML)";
  return "a text";
}

function isDrawing(text: string): boolean {
  BEFORE_SVG.lastIndex = 0;
  let at = 0;
  while (BEFORE_SVG.test(text)) at = BEFORE_SVG.lastIndex;
  return /^<svg[\s>]/i.test(text.slice(at, at + 5));
}
