import { expect, test } from "vitest";
import { hardenEdge, shiftEdge, softenEdge } from "../../src/kernels/edges.ts";
import type { Size } from "../../src/pictures.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

const KERNELS: Record<string, (alpha: Float32Array, size: Size, amount: number) => Float32Array> = {
  shift_edge: shiftEdge,
  soften_edge: softenEdge,
  harden_edge: (alpha, _, amount) => hardenEdge(alpha, amount),
};

goldenCases("edges").forEach((one) => {
  test(`${one.kernel} by ${one.amount}`, () => {
    const alpha = one.alpha as Nested;
    const made = KERNELS[one.kernel as string]!(flat(alpha), shapeOf(alpha) as unknown as Size, one.amount as number);
    expectClose(made, one.expected as Nested);
  });
});

test("what lies deep inside or far outside is left to the bit", () => {
  const alpha = Float32Array.from({ length: 400 * 400 }, (_, i) => (i % 400 < 200 ? 0.3 : 0.7));
  for (const made of [shiftEdge(alpha, [400, 400], -3), softenEdge(alpha, [400, 400], 9)]) {
    expect(made[0]).toBe(Math.fround(0.3));
    expect(made[399]).toBe(Math.fround(0.7));
    expect(made.slice(150, 250)).not.toEqual(alpha.slice(150, 250));
  }
});
