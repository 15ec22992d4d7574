/** The space between profiles as their tables write it, Lab or XYZ under D50, and XYZ; blacks are made to meet there. */
import type { Pipeline, Stage } from "./icc_tables.ts";

const D50 = [0.9642, 1, 0.8249] as const;
const [EDGE, SLOPE] = [6 / 29, 3 * (6 / 29) ** 2];
/** XYZ is written with 1 + 32767/32768 at its top. */
const TOP_XYZ = 1 + 32767 / 32768;
/** Lab's top in sixteen bits as version 2 writes it. */
const OLD_TOP = 65535 / 65280;
/** No paper's black is lighter. */
const MOST_BLACK = 50;

/** A table's colours as XYZ. */
export function toXyz({ stage, isOldLab }: Pipeline, isLab: boolean): Stage {
  return (values) => {
    const found = stage(values);
    return isLab ? xyzOfLab(found, isOldLab ? OLD_TOP : 1) : found.map((value) => value * TOP_XYZ);
  };
}

/** XYZ as a table's colours. */
export function fromXyz({ stage, isOldLab }: Pipeline, isLab: boolean): Stage {
  return (xyz) => stage(isLab ? labOfXyz(xyz, isOldLab ? OLD_TOP : 1) : xyz.map((value) => value / TOP_XYZ));
}

/** Stretches XYZ so that `black`, the darkest colour that there is, becomes none, and back: white stays. */
export function stretched(black: readonly number[]): { readonly there: Stage; readonly back: Stage } {
  const lightness = Math.min(MOST_BLACK, Math.max(0, 116 * curve(black[1]!) - 16));
  const y = uncurve((lightness + 16) / 116);
  return {
    there: (xyz) => xyz.map((value, c) => (value - y * D50[c]!) / (1 - y)),
    back: (xyz) => xyz.map((value, c) => value * (1 - y) + y * D50[c]!),
  };
}

function xyzOfLab([l, a, b]: readonly number[], top: number): number[] {
  const middle = (l! * top * 100 + 16) / 116;
  const f = [middle + (a! * top * 255 - 128) / 500, middle, middle - (b! * top * 255 - 128) / 200];
  return f.map((value, c) => uncurve(value) * D50[c]!);
}

function labOfXyz(xyz: readonly number[], top: number): number[] {
  const [x, y, z] = xyz.map((value, c) => curve(Math.max(0, value) / D50[c]!)) as [number, number, number];
  return [(116 * y - 16) / 100 / top, (500 * (x - y) + 128) / 255 / top, (200 * (y - z) + 128) / 255 / top];
}

function curve(share: number): number {
  return share > EDGE ** 3 ? Math.cbrt(share) : share / SLOPE + 4 / 29;
}

function uncurve(value: number): number {
  return value > EDGE ? value ** 3 : SLOPE * (value - 4 / 29);
}
