import { expect, test } from "vitest";
import type { Size } from "../../src/pictures.ts";
import { activate, type InputRules, normalise, type OutputRules, place } from "../../src/steps/predict.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";
import { deep, fifteenths, profileOf } from "../numbers.ts";

goldenCases("normalise").forEach((one, i) => {
  test(`normalise ${i}`, () =>
    expectClose(normalise(flat(one.canvas as Nested), one.input as InputRules), one.expected as Nested));
});

goldenCases("activate").forEach((one, i) => {
  test(`activate ${i}`, () => {
    const output = one.output as Nested;
    const dims = shapeOf(output);
    const size = dims.slice(-2) as unknown as Size;
    expectClose(activate(flat(output), dims, size, one.rules as OutputRules, "golden"), one.expected as Nested);
  });
});

goldenCases("place").forEach((one, i) => {
  test(`place ${i}`, () => {
    const photo = {
      size: [43, 61] as const,
      rgb: deep(fifteenths(43 * 61 * 3)),
      alpha: one.alpha === null ? null : deep(fifteenths(43 * 61)),
      metadata: { profile: profileOf(one.profile), dpi: null, exif: null },
    };
    const rules = one.input as InputRules & { size: Size };
    const made = place(photo, rules.size, rules, one.share as number | undefined);
    expect(made.inside).toEqual(one.inside);
    expectClose(made.canvas, one.expected as Nested, one.profile ? 5e-5 : 1e-5);
  });
});

test("an answer that is no matte says so", () => {
  const rules: OutputRules = { activation: "none", rescale: "none", rounding: "none" };
  expect(() => activate(new Float32Array(8), [1, 2, 2, 2], [2, 2], rules, "m")).toThrow(
    "`m` answered with an array of 1×2×2×2, which is no matte",
  );
  expect(() => activate(Float32Array.of(0, Number.NaN), [1, 2], [1, 2], rules, "m")).toThrow("not finite");
});
