/**
 * Colours through ICC profiles, for the networks' small copy of a photo and for backgrounds; results keep the photo's own
 * encoding. Profiles of curves and a matrix are read, of tables, and grey ones; what lies outside sRGB is clipped. The intent
 * is relative colorimetric with black point compensation, as in Python.
 */
import { fromXyz, stretched, toXyz } from "./connection.ts";
import { type Curve, inverse, readProfile, type Space, undone } from "./icc.ts";
import { readPipeline, type Stage } from "./icc_tables.ts";
import { clamped } from "./rounding.ts";

/** How a profile is treated: `unknown` ones are broken, or have a table for one way only, and are taken for sRGB. */
export type ProfileKind = "srgb" | "matrix" | "table" | "gray" | "unknown";

type Convert = (rgb: Float32Array) => void;

/** A profile that moves no colour by half an 8-bit step is sRGB by another name. */
const SAME = 0.5 / 255;
/** Linear sRGB's red, green and blue as XYZ under D50, one a row, in the 65536ths that profiles hold. */
const LIGHTS = [
  [0.43603515625, 0.2224884033203125, 0.013916015625],
  [0.3851165771484375, 0.7169036865234375, 0.0970611572265625],
  [0.1430511474609375, 0.06060791015625, 0.7139129638671875],
];
/** Steps of the tables by which curves are looked up. */
const STEPS = 65536;

const decode: Curve = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const encode: Curve = (value) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

interface Known {
  readonly kind: ProfileKind;
  readonly toSrgb: Convert | null;
  readonly fromSrgb: Convert | null;
}

const UNKNOWN: Known = { kind: "unknown", toSrgb: null, fromSrgb: null };
const known = new WeakMap<Uint8Array, Known>();

/** What a photo's profile is; null is sRGB. Say so to the person where it is `unknown`. */
export function profileKind(profile: Uint8Array | null): ProfileKind {
  return profile === null ? "srgb" : conversions(profile).kind;
}

/** Encodes `rgb` (n×3 in [0, 1], encoded as `profile` says) as sRGB, clipped to [0, 1], in place. */
export function toSrgb(rgb: Float32Array, profile: Uint8Array | null): void {
  if (profile !== null) conversions(profile).toSrgb?.(rgb);
}

/** Encodes `rgb` (n×3 in [0, 1], sRGB) as `profile` says, clipped to [0, 1], in place; undoes `toSrgb`. */
export function fromSrgb(rgb: Float32Array, profile: Uint8Array | null): void {
  if (profile !== null) conversions(profile).fromSrgb?.(rgb);
}

function conversions(profile: Uint8Array): Known {
  const found = known.get(profile) ?? conversionsOf(profile);
  known.set(profile, found);
  return found;
}

function conversionsOf(profile: Uint8Array): Known {
  const space = readProfile(profile);
  if (space === null) return UNKNOWN;
  if (space.kind === "table") return byTables(space) ?? UNKNOWN;
  if (space.kind === "gray") {
    const { curve } = space;
    const back = undone(curve);
    return {
      kind: "gray",
      toSrgb: each((value) => encode(curve(value))),
      fromSrgb: each((value) => back(decode(value))),
    };
  }
  const there = product(space.lights, inverse(LIGHTS));
  const convert = through(space.curves.map(tabled), there, [encode, encode, encode]);
  if (leavesAll(convert)) return { kind: "srgb", toSrgb: null, fromSrgb: null };
  return {
    kind: "matrix",
    toSrgb: convert,
    fromSrgb: through([decode, decode, decode], inverse(there), space.curves.map(undone)),
  };
}

/** Null where the tables are of a kind that is not read, or end before what they promise. */
function byTables({ there, back, isLab, isRelative }: Space & { kind: "table" }): Known | null {
  try {
    const [outwards, inwards] = [readPipeline(there, false), readPipeline(back, isLab)];
    if (!outwards || !inwards) return null;
    const [seen, made] = [toXyz(outwards, isLab), fromXyz(inwards, isLab)];
    const black = stretched(isRelative ? seen([0, 0, 0]) : [0, 0, 0]);
    const [toLinear, toLight] = [inverse(LIGHTS), LIGHTS];
    return {
      kind: "table",
      toSrgb: staged((rgb) =>
        product([black.there(seen(rgb))], toLinear)[0]!.map((value) => encode(clamped(value, 0, 1))),
      ),
      fromSrgb: staged((rgb) => made(black.back(product([rgb.map(decode)], toLight)[0]!))),
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function staged(stage: Stage): Convert {
  return (rgb) => {
    for (let i = 0; i < rgb.length; i += 3) {
      const found = stage([rgb[i]!, rgb[i + 1]!, rgb[i + 2]!]);
      for (let c = 0; c < 3; c++) rgb[i + c] = clamped(found[c]!, 0, 1);
    }
  };
}

function each(change: Curve): Convert {
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = clamped(change(values[i]!), 0, 1);
  };
}

/** Colours by curves to linear, a matrix (of rows of lights) and curves back. */
function through(before: readonly Curve[], matrix: readonly number[][], after: readonly Curve[]): Convert {
  return (rgb) => {
    for (let i = 0; i < rgb.length; i += 3) {
      const [red, green, blue] = [before[0]!(rgb[i]!), before[1]!(rgb[i + 1]!), before[2]!(rgb[i + 2]!)];
      for (let c = 0; c < 3; c++) {
        const linear = red * matrix[0]![c]! + green * matrix[1]![c]! + blue * matrix[2]![c]!;
        rgb[i + c] = clamped(after[c]!(clamped(linear, 0, 1)), 0, 1);
      }
    }
  };
}

/** A curve by a table, finer than any file's samples, which is quicker than a power a number. */
function tabled(curve: Curve): Curve {
  const table = Float64Array.from({ length: STEPS + 1 }, (_, i) => curve(i / STEPS));
  return (value) => {
    const place = clamped(value, 0, 1) * STEPS;
    const cell = Math.min(STEPS - 1, Math.floor(place));
    return table[cell]! + (place - cell) * (table[cell + 1]! - table[cell]!);
  };
}

/** Whether no colour of a grid of 9×9×9 is moved. */
function leavesAll(convert: Convert): boolean {
  const steps = Array.from({ length: 9 }, (_, i) => i / 8);
  const probe = Float32Array.from(steps.flatMap((r) => steps.flatMap((g) => steps.flatMap((b) => [r, g, b]))));
  const moved = probe.slice();
  convert(moved);
  return moved.every((value, i) => Math.abs(value - probe[i]!) < SAME);
}

function product(one: readonly number[][], other: readonly number[][]): number[][] {
  return one.map((row) => [0, 1, 2].map((c) => row.reduce((sum, value, k) => sum + value * other[k]![c]!, 0)));
}
