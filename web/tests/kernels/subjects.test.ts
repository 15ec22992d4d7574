import { expect, test } from "vitest";
import { rowsOf } from "../../src/kernels/rows.ts";
import { findSubjects } from "../../src/kernels/subjects.ts";
import { shareOf } from "../../src/kernels/territories.ts";
import type { Size } from "../../src/pictures.ts";
import { numbersOf } from "../../src/steps/choose.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

goldenCases("subjects").forEach((one, i) => {
  test(`subjects ${i}`, () => {
    const size = shapeOf(one.alpha as Nested) as unknown as Size;
    const [alpha, photo] = [flat(one.alpha as Nested), rowsOf(flat(one.photo as Nested), size, 3)];
    const found = findSubjects(alpha, size, photo);
    expect(found.each.map(({ box }) => box)).toEqual(one.boxes);
    expectClose(found.labels, one.labels as Nested, 0);
    expectClose(
      found.each.map(({ area }) => area),
      one.areas as Nested,
      1e-3,
    );
    expectClose(
      found.each.flatMap(({ centre }) => centre),
      one.centres as Nested,
      1e-3,
    );
    const share = found.each.length ? shareOf(found, new Set(one.wanted as number[]), photo, alpha, size) : alpha;
    expectClose(share, one.expected as Nested);
  });
});

test("what names no subjects is refused", () => {
  expect(numbersOf("all")).toBeNull();
  expect(numbersOf(" 3, 1 ")).toEqual(new Set([3, 1]));
  expect(() => numbersOf("0")).toThrow("takes `all`, `largest` and numbers");
});
