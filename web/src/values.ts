/**
 * The small grammars that options are written in: colours, lengths, sizes, positions; as in Python's `values.py`.
 *
 * Each is read by one `parse…` function, which raises FeathercutError with what it takes.
 */
import { COLOUR_NAMES } from "./colour_names.ts";
import { FeathercutError } from "./errors.ts";
import type { Size } from "./pictures.ts";

/** Red, green, blue and alpha in [0, 1], sRGB-encoded, straight. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** What goes behind the subject, in words; a blur's radius is a standard deviation, null a fiftieth of the longer side. */
export type BackgroundWords =
  | { readonly kind: "colour"; readonly colour: Colour }
  | { readonly kind: "gradient"; readonly from: Colour; readonly to: Colour; readonly angle_deg: number }
  | { readonly kind: "blur"; readonly radius_px: number | null }
  | { readonly kind: "picture"; readonly path: string };

export interface Length {
  readonly value: number;
  readonly unit: "px" | "%";
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;

function fail(message: string): never {
  throw new FeathercutError("option", message);
}

/**
 * The colour that a CSS-like word names: names (`white`, `transparent`), `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa` (the `#`
 * may be missing), `rgb(r, g, b)` with 0..255 or per cent, `rgba(r, g, b, a)` with a in 0..1 or per cent.
 */
export function parseColour(text: string): Colour {
  const word = text.trim().toLowerCase();
  if (word === "transparent") return [0, 0, 0, 0];
  const digits = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.exec(word);
  if (digits) return fromHex(digits[1]!);
  const call = /^rgba?\(([^()]*)\)$/.exec(word);
  if (call) return fromCall(call[1]!, text);
  const named = COLOUR_NAMES[word];
  if (named) return fromHex(named);
  return fail(`\`${text}\` is no colour; write a name, \`#rrggbb\`, \`#rrggbbaa\` or \`rgb(r, g, b)\``);
}

function fromHex(digits: string): Colour {
  const pairs = digits.length < 6 ? [...digits].map((digit) => digit + digit) : digits.match(/../g)!;
  const [red, green, blue, alpha = 1] = pairs.map((pair) => Number.parseInt(pair, 16) / 255);
  return [red!, green!, blue!, alpha];
}

function fromCall(parameters: string, text: string): Colour {
  const parts = parameters.trim().split(/\s*[,/]\s*|\s+/);
  if (parts.length !== 3 && parts.length !== 4) {
    fail(`\`${text}\` needs three or four numbers, as in \`rgb(255, 128, 0)\``);
  }
  const [red, green, blue, alpha = 1] = parts.map((part, place) => {
    const match = new RegExp(`^${NUMBER}(%?)$`).exec(part) ?? fail(`\`${text}\` has a part that is no number: ${part}`);
    const value = Number(match[1]) / (match[2] ? 100 : place < 3 ? 255 : 1);
    if (value > 1) fail(`\`${text}\` has a number that is too large; red, green and blue end at 255, alpha at 1`);
    return value;
  });
  return [red!, green!, blue!, alpha];
}

/** What goes behind the subject: a colour, `gradient:FROM,TO[,ANGLE]`, `blur`, `blur:RADIUS` in pixels, or a picture's path. */
export function parseBackground(text: string): BackgroundWords {
  const word = text.trim();
  if (word.toLowerCase().startsWith("gradient:")) return parseGradient(word);
  const blur = new RegExp(`^blur(?::${NUMBER})?$`).exec(word.toLowerCase());
  if (blur) return { kind: "blur", radius_px: blur[1] ? Number(blur[1]) : null };
  try {
    return { kind: "colour", colour: parseColour(word) };
  } catch (error) {
    // A path is told by its looks, not by what lies on the disk: the same words mean the same everywhere.
    if (/[\\/]/.test(word) || /\.[a-z]\w{1,4}$/.test(word.toLowerCase())) return { kind: "picture", path: text };
    const message = error instanceof Error ? error.message : String(error);
    throw new FeathercutError("option", `${message}; or \`blur\`, \`gradient:FROM,TO\`, or the path of a picture`, {
      cause: error,
    });
  }
}

function parseGradient(text: string): BackgroundWords {
  // Colours such as `rgb(255, 128, 0)` have commas of their own.
  const [from = "", to = "", angle = "90", ...more] = text.slice(text.indexOf(":") + 1).split(/,(?![^(]*\))/);
  if (!from.trim() || !to.trim() || more.length || !/^\s*-?\d+(\.\d+)?\s*$/.test(angle)) {
    return fail(`\`${text}\` is no gradient; write \`gradient:FROM,TO\` or \`gradient:FROM,TO,ANGLE\``);
  }
  return { kind: "gradient", from: parseColour(from), to: parseColour(to), angle_deg: Number(angle) };
}

/**
 * The space around a cropped subject: top, right, bottom, left.
 *
 * One, two or four lengths as in CSS, each in px or in % of the subject's height (top and bottom) or width (left and
 * right): `20`, `20px`, `5%`, `5% 10%`, `10px 20px 30px 20px`.
 */
export function parseMargin(text: string): readonly [Length, Length, Length, Length] {
  const parts = words(text);
  const lengths = parts.map((part): Length | null => {
    const match = new RegExp(`^${NUMBER}(px|%)?$`).exec(part);
    return match && { value: Number(match[1]), unit: match[2] === "%" ? "%" : "px" };
  });
  const [top, right = top, bottom = top, left = right] = lengths;
  if (![1, 2, 4].includes(parts.length) || !top || !right || !bottom || !left) {
    return fail(`\`${text}\` is no margin; write one, two or four lengths, as in \`20px\` or \`5% 10%\``);
  }
  return [top, right, bottom, left];
}

/** A length in pixels, where 100 % is `wholePx`. */
export function pixelsOf(length: Length, wholePx: number): number {
  return length.unit === "px" ? length.value : (length.value * wholePx) / 100;
}

/** (height, width) of the canvas from `WIDTHxHEIGHT`, or from one number for a square. */
export function parseSize(text: string): Size {
  const match = /^(\d{1,6})(?:\s*[x×]\s*(\d{1,6}))?$/.exec(text.trim().toLowerCase());
  if (!match) return fail(`\`${text}\` is no size; write \`WIDTHxHEIGHT\` in pixels, as in \`2000x2000\``);
  const [width, height] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (Math.min(width, height) < 1 || Math.max(width, height) > 65_535) {
    fail(`\`${text}\` is out of range; each side has 1 to 65535 pixels`);
  }
  return [height, width];
}

/** How much of the canvas the subject may fill, in (0, 1], from `10%` to `100%`. */
export function parseScale(text: string): number {
  const match = new RegExp(`^${NUMBER}%?$`).exec(text.trim());
  const share = match ? Number(match[1]) : 0;
  return share >= 10 && share <= 100 ? share / 100 : fail(`\`${text}\` is no scale; write \`10%\` to \`100%\``);
}

/**
 * Where the subject stands: `original`, `center`, or one or two per cents of the free space (x, y).
 *
 * `0%` is left or top, `100%` right or bottom, as in CSS `background-position`.
 */
export function parsePosition(text: string): "original" | readonly [x: number, y: number] {
  const word = text.trim().toLowerCase();
  if (word === "original") return "original";
  if (word === "center" || word === "centre") return [0.5, 0.5];
  const shares = words(word).map((part) => {
    const match = new RegExp(`^${NUMBER}%?$`).exec(part);
    return match ? Number(match[1]) / 100 : Number.NaN;
  });
  const [x, y = x] = shares;
  if (shares.length <= 2 && x !== undefined && y !== undefined && x <= 1 && y <= 1) return [x, y];
  return fail(`\`${text}\` is no position; write \`original\`, \`center\`, or \`X% Y%\` from 0 to 100`);
}

function words(text: string): string[] {
  return text.replaceAll(",", " ").trim().split(/\s+/).filter(Boolean);
}
