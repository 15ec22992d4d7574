import { describe, expect, test } from "vitest";
import type { Act, Stroke, StrokePoint } from "../../src/editor/recipe.ts";
import { blend } from "../../src/kernels/strokes/blend.ts";
import { type Covered, StrokeCoverage, strokeCoverage } from "../../src/kernels/strokes/coverage.ts";
import { replay, replayAct } from "../../src/kernels/strokes/replay.ts";
import { lassoCoverage, rectangleCoverage } from "../../src/kernels/strokes/shapes.ts";
import type { Box, Size } from "../../src/pictures.ts";
import { expectClose, flat, goldenCases, type Nested } from "../golden.ts";

const SIZE: Size = [18, 24];

function expectCovered(covered: Covered | null, [box, coverage]: readonly [Box, Nested]): void {
  expect(covered!.box).toEqual(box);
  expectClose(covered!.coverage, coverage);
}

describe("golden numbers", () => {
  test.each(goldenCases("strokes"))("$kernel", (one) => {
    const expected = one.expected as readonly [Box, Nested];
    if (one.kernel === "brush") {
      expectCovered(strokeCoverage(SIZE, one as unknown as Stroke, one.points as StrokePoint[]), expected);
    } else if (one.kernel === "lasso") {
      expectCovered(lassoCoverage(SIZE, one.points as [number, number][]), expected);
    } else if (one.kernel === "rectangle") {
      expectCovered(rectangleCoverage(SIZE, one.box as [number, number, number, number]), expected);
    } else {
      const ceiling = one.ceiling === null ? null : flat(one.ceiling as Nested);
      const mode = one.mode as "erase" | "restore";
      const coverage = flat(one.coverage as Nested);
      expectClose(
        blend(flat(one.alpha as Nested), coverage, mode, one.opacity as number, ceiling),
        one.expected as Nested,
      );
    }
  });
});

const CURVE: readonly StrokePoint[] = Array.from({ length: 30 }, (_, i) => [
  150 + 140 * Math.sin(i / 3),
  20 + 9 * i,
  (i % 7) / 6,
]);

test("a stroke that grows point by point covers what the whole stroke covers", () => {
  const shape = { diameter_px: 61, hardness: 0.4 };
  const whole = strokeCoverage([300, 310], shape, CURVE)!;
  const growing = new StrokeCoverage([300, 310], shape);
  const seen = new Float32Array(300 * 310);
  for (const point of CURVE) {
    const dirty = growing.extend([point]);
    if (!dirty) continue;
    const part = growing.read(dirty);
    const width = dirty[3] - dirty[1];
    for (let y = dirty[0]; y < dirty[2]; y++) {
      seen.set(part.subarray((y - dirty[0]) * width, (y - dirty[0] + 1) * width), y * 310 + dirty[1]);
    }
  }
  expect(growing.box).toEqual(whole.box);
  expect(growing.read(growing.box!)).toEqual(whole.coverage);
  // What the dirty boxes showed is all that there is.
  expect(seen.reduce((sum, value) => sum + value)).toBe(whole.coverage.reduce((sum, value) => sum + value));
});

test("a stroke that crosses itself does not pile up", () => {
  const there: StrokePoint[] = [[10, 9, 1]];
  const andBack: StrokePoint[] = [...there, [20, 9, 1], [10, 9, 1], [20, 9, 1]];
  const shape = { diameter_px: 8, hardness: 0 };
  const once = strokeCoverage(SIZE, shape, [...there, [20, 9, 1]])!;
  expect(strokeCoverage(SIZE, shape, andBack)!.coverage).toEqual(once.coverage);
});

test("outside the photo there is nothing to do", () => {
  const alpha = new Float32Array(18 * 24);
  const photo = { size: SIZE, rgb: new Uint8Array(3 * 18 * 24), alpha: null };
  const outside: Act[] = [
    { kind: "stroke", mode: "restore", is_smart: true, diameter_px: 5, hardness: 1, opacity: 1, points: [[90, 90, 1]] },
    { kind: "stroke", mode: "restore", is_smart: false, diameter_px: 5, hardness: 1, opacity: 1, points: [] },
    {
      kind: "lasso",
      mode: "restore",
      points: [
        [-5, -5],
        [-1, -5],
        [-1, -1],
      ],
    },
    { kind: "rectangle", mode: "restore", box: [30, 0, 40, 5] },
  ];
  for (const act of outside) expect(replayAct(alpha, photo, act)).toBeNull();
  expect(alpha.every((value) => value === 0)).toBe(true);
});

test("acts come in their order, and what the photo does not show is never restored", () => {
  const photo = { size: [4, 6] as Size, rgb: new Uint8Array(72), alpha: new Uint8Array(24).fill(51) };
  const acts: Act[] = [
    { kind: "rectangle", mode: "restore", box: [0, 0, 6, 4] },
    { kind: "rectangle", mode: "erase", box: [0, 0, 3, 4] },
    { kind: "rectangle", mode: "restore", box: [0, 0, 1.5, 4] },
  ];
  const base = new Float32Array(24);
  const after = replay(base, photo, acts);
  expectClose(after.subarray(0, 6), [0.2, 0.1, 0, 0.2, 0.2, 0.2]);
  expect(base.every((value) => value === 0)).toBe(true);
});

/** The formula, pixel by pixel and segment by segment, nothing left out. */
function slowly(size: Size, diameter: number, hardness: number, points: readonly StrokePoint[]): Float32Array {
  const result = new Float32Array(size[0] * size[1]);
  points.forEach(([x1, y1, p1], at) => {
    const [x0, y0, p0] = points[Math.max(0, at - 1)]!;
    const [r0, r1] = [p0, p1].map((pressure) => (diameter / 2) * (0.2 + 0.8 * pressure)) as [number, number];
    const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
    for (let i = 0; i < result.length; i++) {
      const [x, y] = [(i % size[1]) + 0.5 - x0, Math.floor(i / size[1]) + 0.5 - y0];
      const share = length ? Math.min(1, Math.max(0, (x * (x1 - x0) + y * (y1 - y0)) / length)) : 0;
      const radius = r0 + share * (r1 - r0);
      const outer = radius + 0.5 * hardness;
      const distance = Math.hypot(x - share * (x1 - x0), y - share * (y1 - y0));
      const covered = (outer - distance) / Math.max(1, outer - radius * hardness);
      result[i] = Math.max(result[i]!, Math.min(1, covered));
    }
  });
  return result;
}

describe.each([
  ["an even hand", () => 1],
  ["a hand that presses more and less", (i: number) => (i % 5) / 4],
])("with %s", (_, pressure) => {
  test.each([0, 0.4, 1])("what is skipped would have changed nothing, hardness %f", (hardness) => {
    // Turns back on itself, stands still, goes straight down and straight across, leaves the photo.
    const places = [10, 50, 60, 50, 60, 50, 30, 52, 100, 40, 100, 95, 20, 95, 20, 10, -30, -9, 140, 70];
    const points = Array.from({ length: 10 }, (_, i) => [places[2 * i]!, places[2 * i + 1]!, pressure(i)] as const);
    const size: Size = [110, 130];
    const stroke = new StrokeCoverage(size, { diameter_px: 37, hardness });
    for (const point of points) stroke.extend([point]);
    const [covered, wanted] = [stroke.read([0, 0, ...size]), slowly(size, 37, hardness, points)];
    expect(Math.max(...covered.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(1e-6);
  });
});
