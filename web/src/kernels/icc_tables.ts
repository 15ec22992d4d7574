/**
 * Profiles that work by tables: `mft1`, `mft2`, `mAB ` and `mBA ` of ICC.1:2022, section 10.10 to 10.13. Between the nodes
 * of a table colours lie in tetrahedra, in cubes where Lab leads into it, as in Python's colour engine.
 */
import { type Curve, readCurve, type Tag } from "./icc.ts";
import { Lattice } from "./lattice.ts";

/** Numbers in [0, 1] to numbers in [0, 1]. */
export type Stage = (values: readonly number[]) => number[];

/** A table's way, or null where it is of another kind. `version` 2 writes Lab otherwise than 4 does. */
export interface Pipeline {
  readonly stage: Stage;
  /** Lab's top is 65280 of 65535, as in `mft2`. */
  readonly isOldLab: boolean;
}

/** The pipeline of a tag with three channels on either side; `isOfLab` says that Lab leads into it. Throws RangeError where it is cut short. */
export function readPipeline({ view, at }: Tag, isOfLab: boolean): Pipeline | null {
  const [kind, channels] = [word(view, at), view.getUint16(at + 8)];
  if (channels !== 0x0303) return null;
  if (kind === "mft1" || kind === "mft2")
    return { stage: oldPipeline(view, at, kind, isOfLab), isOldLab: kind === "mft2" };
  if (kind === "mAB " || kind === "mBA ")
    return { stage: newPipeline(view, at, kind === "mBA ", isOfLab), isOldLab: false };
  return null;
}

function oldPipeline(view: DataView, at: number, kind: "mft1" | "mft2", isOfLab: boolean): Stage {
  const isWide = kind === "mft2";
  const points = view.getUint8(at + 10);
  const [before, after] = isWide ? [view.getUint16(at + 48), view.getUint16(at + 50)] : [256, 256];
  const width = isWide ? 2 : 1;
  let place = at + (isWide ? 52 : 48);
  const take = (count: number): Float64Array => {
    const values = numbers(view, place, count, width);
    place += count * width;
    return values;
  };
  const curves = (length: number): Stage => {
    const tables = [take(length), take(length), take(length)];
    return (values) => values.map((value, c) => looked(tables[c]!, value));
  };
  const first = curves(before);
  const grid = interpolated([points, points, points], take(3 * points ** 3), isOfLab);
  const last = curves(after);
  return (values) => last(grid(first(values)));
}

function newPipeline(view: DataView, at: number, isBack: boolean, isOfLab: boolean): Stage {
  const [b, matrix, m, grid, a] = [12, 16, 20, 24, 28].map((field) => view.getUint32(at + field)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const stages: Stage[] = [];
  if (a) stages.push(curvesAt(view, at + a));
  if (grid) stages.push(gridAt(view, at + grid, isOfLab));
  if (m) stages.push(curvesAt(view, at + m));
  if (matrix) stages.push(matrixAt(view, at + matrix));
  if (b) stages.push(curvesAt(view, at + b));
  if (isBack) stages.reverse();
  return (values) => stages.reduce((now: readonly number[], stage) => stage(now), values).slice();
}

function curvesAt(view: DataView, at: number): Stage {
  const curves: Curve[] = [];
  let place = at;
  for (let c = 0; c < 3; c++) {
    const { curve, length } = readCurve(view, place);
    curves.push(curve);
    place += Math.ceil(length / 4) * 4;
  }
  return (values) => values.map((value, c) => within(curves[c]!(within(value))));
}

function gridAt(view: DataView, at: number, isOfLab: boolean): Stage {
  const points = [0, 1, 2].map((axis) => view.getUint8(at + axis));
  const count = 3 * points.reduce((product, one) => product * one, 1);
  return interpolated(points, numbers(view, at + 20, count, view.getUint8(at + 16) === 1 ? 1 : 2), isOfLab);
}

function matrixAt(view: DataView, at: number): Stage {
  const e = Array.from({ length: 12 }, (_, i) => view.getInt32(at + 4 * i) / 65536);
  return ([x, y, z]) =>
    [0, 1, 2].map((row) => within(e[3 * row]! * x! + e[3 * row + 1]! * y! + e[3 * row + 2]! * z! + e[9 + row]!));
}

function interpolated(points: readonly number[], nodes: Float64Array, isOfLab: boolean): Stage {
  if (points.some((count) => count < 2)) throw new RangeError("a table without a cell");
  const lattice = new Lattice(points as [number, number, number], nodes);
  return (values) => {
    const found = values.slice();
    if (isOfLab) lattice.blend(found, 0);
    else lattice.look(found, 0);
    return found;
  };
}

function looked(table: Float64Array, value: number): number {
  const place = within(value) * (table.length - 1);
  const low = Math.min(table.length - 2, Math.floor(place));
  return table[low]! + (place - low) * (table[low + 1]! - table[low]!);
}

function numbers(view: DataView, at: number, count: number, width: 1 | 2): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    width === 1 ? view.getUint8(at + i) / 255 : view.getUint16(at + 2 * i) / 65535,
  );
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function word(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
