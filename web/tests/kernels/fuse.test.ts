import { expect, test } from "vitest";
import { apart } from "../../src/kernels/apart.ts";
import { largest, smallest } from "../../src/kernels/extremes.ts";
import { fuse } from "../../src/kernels/fuse.ts";
import { likeness } from "../../src/kernels/likeness.ts";
import { resize } from "../../src/kernels/resample.ts";
import type { Size } from "../../src/pictures.ts";
import { type Case, expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

const array = (one: Case, name: string): Float32Array => flat(one[name] as Nested);
const sizeOf = (one: Case, name: string): Size => shapeOf(one[name] as Nested).slice(0, 2) as unknown as Size;

const KERNELS: Record<string, (one: Case) => Float32Array> = {
  fuse: (one) =>
    fuse(
      array(one, "first"),
      sizeOf(one, "first"),
      array(one, "second"),
      sizeOf(one, "second"),
      array(one, "rgb"),
      sizeOf(one, "rgb"),
    ),
  likeness: (one) =>
    likeness(array(one, "rgb"), Uint8Array.from(array(one, "subject")), Uint8Array.from(array(one, "background"))),
  apart: (one) => {
    const mattes = one.mattes as readonly Nested[];
    const size = shapeOf(mattes[0]!) as unknown as Size;
    const [marks, share] = apart(mattes.map(flat), size, one.around as number);
    return Float32Array.of(...marks, share);
  },
  largest: (one) => largest(array(one, "plane"), sizeOf(one, "plane"), one.radius as number),
  smallest: (one) => smallest(array(one, "plane"), sizeOf(one, "plane"), one.radius as number),
};

goldenCases("fuse").forEach((one, i) => {
  test(`${one.kernel} ${i}`, () => expectClose(KERNELS[one.kernel as string]!(one), one.expected as Nested));
});

test("a colour tells nothing where one side is not known", () => {
  const known = Uint8Array.of(1, 0);
  expect([...likeness(new Float32Array(6), known, new Uint8Array(2))]).toEqual([0.5, 0.5]);
});

test("a lone pixel that the first network is certain of goes", () => {
  const size: Size = [320, 320];
  const large: Size = [1024, 1024];
  const body = Float32Array.from({ length: 320 * 320 }, (_, i) =>
    Math.max(Math.abs(Math.floor(i / 320) - 160), Math.abs((i % 320) - 160)) < 60 ? 1 : 0,
  );
  const first = resize(body, size, large, "box").slice();
  first[1024 * 60 + 900] = 1;
  const fused = fuse(first, large, body, size, new Float32Array(3 * 320 * 320), size);
  expect(fused[1024 * 60 + 900]).toBe(0);
  expect(fused[1024 * 512 + 512]).toBe(1);
});
