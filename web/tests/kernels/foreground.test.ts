import { expect, test } from "vitest";
import { estimateForeground } from "../../src/kernels/foreground.ts";
import type { Size } from "../../src/pictures.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

goldenCases("foreground").forEach((one, i) => {
  test(`colours ${i}`, () => {
    const [rgb, alpha] = [flat(one.rgb as Nested), flat(one.alpha as Nested)];
    const result = new Float32Array(rgb.length);
    const weight = one.weight === null ? null : flat(one.weight as Nested);
    estimateForeground(rgb, alpha, weight, shapeOf(one.alpha as Nested) as unknown as Size, result);
    expectClose(result, one.expected as Nested);
  });
});

test("colours of sure pixels are kept to the bit, and none are left outside", () => {
  const rgb = Uint8Array.from({ length: 3 * 64 }, (_, i) => (i * 37) % 256);
  const alpha = Float32Array.from({ length: 64 }, (_, i) => (i % 8 < 3 ? 0 : i % 8 > 4 ? 1 : 0.5));
  const result = new Uint8Array(rgb.length);
  estimateForeground(rgb, alpha, null, [8, 8], result);
  alpha.forEach((value, i) => {
    if (value === 1) expect(result.slice(3 * i, 3 * i + 3)).toEqual(rgb.slice(3 * i, 3 * i + 3));
    if (value === 0) expect([...result.slice(3 * i, 3 * i + 3)]).toEqual([0, 0, 0]);
  });
});
