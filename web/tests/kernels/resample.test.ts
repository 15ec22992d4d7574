import { expect, test } from "vitest";
import { resize, shrink } from "../../src/kernels/resample.ts";
import { resizeBytes } from "../../src/kernels/resample_bytes.ts";
import { rowsOf } from "../../src/kernels/rows.ts";
import type { Resample, Size } from "../../src/pictures.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";
import { sixteenths } from "../numbers.ts";

const KERNELS = {
  shrink: (array: Float32Array, size: Size, to: Size, resample: Resample, channels: number) =>
    shrink(rowsOf(array, size, channels), to, resample),
  resize_bytes: (array: Float32Array, size: Size, to: Size, resample: Resample, channels: number) =>
    resizeBytes(rowsOf(array, size, channels), to, resample),
  resize,
};

goldenCases("resample").forEach((one, i) => {
  const kernel = (one.kernel ?? "resize") as keyof typeof KERNELS;
  const to = one.size as Size;
  const resample = one.resample as Resample;
  test(`${kernel} ${i}: ${resample} to ${to.join("×")}`, () => {
    const isSaid = one.array === "sixteenths 23×31×3";
    const array = isSaid ? sixteenths(23 * 31 * 3) : flat(one.array as Nested);
    const [height, width, channels = 1] = isSaid ? [23, 31, 3] : shapeOf(one.array as Nested);
    const made = KERNELS[kernel](array, [height!, width!], to, resample, channels);
    expectClose(made, one.expected as Nested);
  });
});

test("the size that an array has gives the array itself", () => {
  const array = Float32Array.of(1, 2, 3, 4);
  expect(resize(array, [2, 2], [2, 2], "lanczos")).toBe(array);
});
