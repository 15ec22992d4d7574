import { describe, expect, test } from "vitest";
import { type Drawn, smartAlpha, smartBox } from "../../src/kernels/smart.ts";
import { cut } from "../../src/kernels/windows.ts";
import type { Box, Size } from "../../src/pictures.ts";
import { expectClose, flat, goldenCases, type Nested } from "../golden.ts";

describe("golden numbers", () => {
  test.each(goldenCases("smart"))("$stroke.mode $size", (one) => {
    const size = one.size as Size;
    const stroke = one.stroke as unknown as Drawn;
    const photo = { size, rgb: Uint8Array.from(flat(one.rgb as Nested)), alpha: null };
    const box = smartBox(size, stroke)!;
    expect(box).toEqual(one.box as Box);
    const alpha = cut(flat(one.alpha as Nested), size[1], box);
    expectClose(smartAlpha(photo, box, alpha, stroke), one.expected as Nested);
  });
});

test("outside the stroke nothing changes, and the photo's own alpha is the ceiling", () => {
  const one = goldenCases("smart")[0]!;
  const size = one.size as Size;
  const stroke = one.stroke as unknown as Drawn;
  const shown = new Uint8Array(size[0] * size[1]).fill(102);
  const photo = { size, rgb: Uint8Array.from(flat(one.rgb as Nested)), alpha: shown };
  const box = one.box as unknown as Box;
  const alpha = cut(flat(one.alpha as Nested), size[1], box).map((value) => value * 0.4);
  const after = smartAlpha(photo, box, alpha, stroke);
  expect(Math.max(...after)).toBeLessThanOrEqual(Math.fround(0.4));
  expect(after.some((value, i) => value > alpha[i]!)).toBe(true);
  expect(after.every((value, i) => value >= alpha[i]!)).toBe(true);
  expect(after[0]).toBe(alpha[0]);
});
