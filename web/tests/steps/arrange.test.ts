import { expect, test } from "vitest";
import { DEFAULTS } from "../../src/options.ts";
import type { Box, Size } from "../../src/pictures.ts";
import { arrange, subjectBox } from "../../src/steps/arrange.ts";
import { goldenCases } from "../golden.ts";

goldenCases("layout").forEach((one) => {
  test(`layout ${JSON.stringify(one.options)}`, () => {
    const made = arrange(one.photo as Size, one.alpha_box as Box, { ...DEFAULTS, ...(one.options as object) });
    expect(made).toEqual(one.expected);
  });
});

test("the box is that of everything that shows, or the whole frame", () => {
  const alpha = new Float32Array(12);
  expect(subjectBox(alpha, [3, 4])).toEqual([0, 0, 3, 4]);
  alpha[5] = 1;
  alpha[7] = 0.001; // too faint for eight bits
  alpha[10] = 0.5;
  expect(subjectBox(alpha, [3, 4])).toEqual([1, 1, 3, 3]);
});

test("a canvas that no memory holds is refused", () => {
  const options = { ...DEFAULTS, size: "65535x65535" };
  expect(() => arrange([40, 60], [10, 20, 30, 50], options)).toThrow("megapixels are the most");
});
