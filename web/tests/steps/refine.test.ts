import { expect, test } from "vitest";
import { followEdges, learnedAt } from "../../src/kernels/follow_edges.ts";
import { linearModel } from "../../src/kernels/guided.ts";
import { shrink } from "../../src/kernels/resample.ts";
import { rowsOf } from "../../src/kernels/rows.ts";
import { sampled } from "../../src/kernels/sampled.ts";
import { modelOfTwoSides } from "../../src/kernels/two_sides.ts";
import { type Box, NO_METADATA, type Resample, type Size } from "../../src/pictures.ts";
import { refine } from "../../src/steps/refine.ts";
import { type Case, expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

const array = (one: Case, name: string): Float32Array => flat(one[name] as Nested);
const sizeOf = (one: Case, name: string): Size => shapeOf(one[name] as Nested).slice(0, 2) as unknown as Size;

/** A row of blue that ends in stripes before orange, and how a network might draw it. */
function stripes(width: number): { rgb: Float32Array; alpha: Float32Array } {
  const [blue, orange] = [
    [0.125, 0.25, 0.75],
    [0.75, 0.5, 0.25],
  ];
  const truth = Array.from({ length: width }, (_, x) => (x < 380 || (x < 440 && x % 6 < 3) ? 1 : 0));
  return {
    rgb: Float32Array.from(truth.flatMap((share) => (share ? blue! : orange!))),
    alpha: Float32Array.from(truth, (share, x) => (x >= 380 && x < 440 ? share * 0.5 + 0.25 : share)),
  };
}

const KERNELS: Record<string, (one: Case) => Float32Array> = {
  linear_model(one) {
    const size = sizeOf(one, "alpha");
    const [radius, epsilon] = [one.radius as number, one.epsilon as number];
    return linearModel(array(one, "planes"), array(one, "alpha"), array(one, "weight"), ...size, radius, epsilon);
  },
  model_of_two_sides(one) {
    return modelOfTwoSides(array(one, "planes"), array(one, "alpha"), ...sizeOf(one, "alpha"), one.radius as number);
  },
  sampled(one) {
    const [[top, bottom], [left, right]] = one.window as [[number, number], [number, number]];
    const [, ...small] = shapeOf(one.planes as Nested);
    return sampled(array(one, "planes"), small as unknown as Size, [top, left, bottom, right], one.size as Size);
  },
  follow_edges(one) {
    const size: Size = [1, one.row as number];
    const { rgb, alpha } = stripes(size[1]);
    const photo = rowsOf(rgb, size, 3);
    followEdges(photo, shrink(photo, learnedAt(size), "box"), alpha);
    return alpha;
  },
  refine(one) {
    const photo = {
      size: sizeOf(one, "rgb"),
      rgb: array(one, "rgb"),
      alpha: array(one, "alpha"),
      metadata: NO_METADATA,
    };
    const prediction = {
      size: sizeOf(one, "prediction"),
      alpha: array(one, "prediction"),
      inside: one.inside as Box,
      model: "golden",
      resample: one.resample as Resample,
    };
    return refine(photo, [prediction], { edges: "photo", low_resolution: "auto" }).alpha;
  },
};

goldenCases("refine").forEach((one) => {
  test(`${one.kernel} ${one.row ?? ""}`, () =>
    expectClose(KERNELS[one.kernel as string]!(one), one.expected as Nested));
});

test("a prediction of the photo's size stays as it is", () => {
  const alpha = Float32Array.of(0, 0.5, 1, 0.25);
  const prediction = {
    size: [2, 2] as const,
    alpha,
    inside: [0, 0, 2, 2] as const,
    model: "m",
    resample: "bilinear" as const,
  };
  const photo = {
    size: [2, 2] as const,
    rgb: new Uint8Array(12),
    alpha: Uint8Array.of(255, 0, 255, 255),
    metadata: NO_METADATA,
  };
  expect([...refine(photo, [prediction], { edges: "network", low_resolution: "auto" }).alpha]).toEqual([0, 0, 1, 0.25]);
  expect([...alpha]).toEqual([0, 0.5, 1, 0.25]);
});
