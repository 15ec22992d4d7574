import { expect, test } from "vitest";
import { DEFAULTS } from "../../src/options.ts";
import type { Size } from "../../src/pictures.ts";
import { isEmpty, select } from "../../src/steps/select.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

goldenCases("select").forEach((one, i) => {
  test(`subject ${i}`, () => {
    const alpha = one.alpha as Nested;
    const matte = { size: shapeOf(alpha) as unknown as Size, alpha: flat(alpha) };
    expectClose(
      select(matte, { presence: one.presence as number, specks: one.specks as number }).alpha,
      one.expected as Nested,
    );
  });
});

test("faint noise is no subject", () => {
  const alpha = new Float32Array(4).fill(0.02);
  expect(isEmpty(select({ size: [2, 2], alpha }, DEFAULTS))).toBe(true);
});
