/** What an ICC profile says, as far as it is curves and a matrix: ICC.1:2022, and the same parts of version 2. */
export type Curve = (value: number) => number;

/** Curves from encoded to linear, and the colours of the three lights as XYZ under D50, one a row. */
export type Space =
  /** `isRelative`: the tables are relative colorimetric; only of these the black is known. */
  | {
      readonly kind: "table";
      readonly there: Tag;
      readonly back: Tag;
      readonly isLab: boolean;
      readonly isRelative: boolean;
    }
  | { readonly kind: "matrix"; readonly curves: readonly [Curve, Curve, Curve]; readonly lights: readonly number[][] }
  | { readonly kind: "gray"; readonly curve: Curve };

/** Where something stands in a profile. */
export interface Tag {
  readonly view: DataView;
  readonly at: number;
}

/** What a profile prefers where it has tables: relative colorimetric ones, else whatever it has. */
const TABLES = [
  ["A2B1", "A2B0"],
  ["B2A1", "B2A0"],
] as const;

/** The colour space of a profile; null where it is broken, or works by tables one way only. */
export function readProfile(profile: Uint8Array): Space | null {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (profile.length < 132 || word(view, 36) !== "acsp") return null;
  try {
    const tags = tagsOf(view);
    const curve = (name: string): Curve => readCurve(view, tags.get(name)!).curve;
    const light = (name: string): number[] => [8, 12, 16].map((at) => fixed(view, tags.get(name)! + at));
    if (word(view, 16) === "GRAY" && tags.has("kTRC")) return { kind: "gray", curve: curve("kTRC") };
    if (word(view, 16) !== "RGB ") return null;
    const [there, back] = TABLES.map((names) => tags.get(names.find((name) => tags.has(name)) ?? ""));
    const isLab = word(view, 20) === "Lab ";
    const isRelative = tags.has("A2B1");
    if (there && back)
      return { kind: "table", there: { view, at: there }, back: { view, at: back }, isLab, isRelative };
    if (word(view, 20) !== "XYZ ") return null;
    if (!["rTRC", "gTRC", "bTRC", "rXYZ", "gXYZ", "bXYZ"].every((name) => tags.has(name))) return null;
    return {
      kind: "matrix",
      curves: [curve("rTRC"), curve("gTRC"), curve("bTRC")],
      lights: [light("rXYZ"), light("gXYZ"), light("bXYZ")],
    };
  } catch (error) {
    if (error instanceof RangeError) return null; // it ends before what it promises
    throw error;
  }
}

function tagsOf(view: DataView): Map<string, number> {
  const tags = new Map<string, number>();
  for (let i = 0, at = 132; i < view.getUint32(128); i++, at += 12) tags.set(word(view, at), view.getUint32(at + 4));
  return tags;
}

function word(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function fixed(view: DataView, at: number): number {
  return view.getInt32(at) / 65536;
}

/** A `curv` or `para` tag, and its length in bytes. */
export function readCurve(view: DataView, at: number): { readonly curve: Curve; readonly length: number } {
  const kind = word(view, at);
  if (kind === "para") {
    const type = view.getUint16(at + 8);
    const curve = parametric(type, (place) => fixed(view, at + 12 + 4 * place));
    return { curve, length: 12 + 4 * PARAMETERS[type]! };
  }
  if (kind !== "curv") throw new RangeError(`no curve: ${kind}`);
  const count = view.getUint32(at + 8);
  const length = 12 + 2 * count;
  if (count === 0) return { curve: (value) => value, length };
  if (count === 1) {
    const gamma = view.getUint16(at + 12) / 256;
    return { curve: (value) => value ** gamma, length };
  }
  const table = Float64Array.from({ length: count }, (_, i) => view.getUint16(at + 12 + 2 * i) / 65535);
  const curve: Curve = (value) => {
    const place = Math.min(1, Math.max(0, value)) * (count - 1);
    const before = Math.min(count - 2, Math.floor(place));
    return table[before]! + (place - before) * (table[before + 1]! - table[before]!);
  };
  return { curve, length };
}

/** How many numbers the functions of `para` have. */
const PARAMETERS = [1, 3, 4, 5, 7];

/** Functions 0 to 4 of `para`: (ax + b)ᵍ + e from d on, cx + f below. */
function parametric(type: number, parameter: (place: number) => number): Curve {
  const g = parameter(0);
  if (type === 0) return (value) => value ** g;
  const [a, b] = [parameter(1), parameter(2)];
  const power = (value: number): number => Math.max(0, a * value + b) ** g;
  switch (type) {
    case 1:
      return (value) => (value >= -b / a ? power(value) : 0);
    case 2:
      return (value) => (value >= -b / a ? power(value) : 0) + parameter(3);
    case 3:
      return (value) => (value >= parameter(4) ? power(value) : parameter(3) * value);
    case 4:
      return (value) => (value >= parameter(4) ? power(value) + parameter(5) : parameter(3) * value + parameter(6));
    default:
      throw new RangeError(`no such function: ${type}`);
  }
}

/** The way back along a curve that rises, by halving. */
export function undone(curve: Curve): Curve {
  return (wanted) => {
    let [low, high] = [0, 1];
    for (let i = 0; i < 32; i++) {
      const middle = (low + high) / 2;
      if (curve(middle) < wanted) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
}

/** The inverse of a 3×3 matrix. */
export function inverse(m: readonly number[][]): number[][] {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [number[], number[], number[]];
  const [p, q, r] = [e! * i! - f! * h!, f! * g! - d! * i!, d! * h! - e! * g!];
  const determinant = a! * p + b! * q + c! * r;
  return [
    [p, c! * h! - b! * i!, b! * f! - c! * e!],
    [q, a! * i! - c! * g!, c! * d! - a! * f!],
    [r, b! * g! - a! * h!, a! * e! - b! * d!],
  ].map((row) => row.map((value) => value / determinant));
}
