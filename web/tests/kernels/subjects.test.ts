import { expect, test } from "vitest";
import { rowsOf } from "../../src/kernels/rows.ts";
import { findSubjects } from "../../src/kernels/subjects.ts";
import { shareOf } from "../../src/kernels/territories.ts";
import type { Size } from "../../src/pictures.ts";
import { numbersOf } from "../../src/steps/choose.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

/** What `scripts/golden_subjects.py` draws: red on the left, blue on the right, h×w×3. */
function twoCloths([height, width]: Size): Float32Array {
  const rgb = new Float32Array(height * width * 3);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const level of x > 36 ? [0.1875, 0.25, 0.75] : [0.8125, 0.1875, 0.125])
        rgb[i++] = Math.min(1, Math.max(0, level + (((x * 3 + y * 5) % 4) - 1.5) / 64));
  return rgb;
}

goldenCases("subjects").forEach((one, i) => {
  test(`subjects ${i}`, () => {
    const size = shapeOf(one.alpha as Nested) as unknown as Size;
    expect(one.photo).toBe("two cloths 48×72×3");
    const [alpha, photo] = [flat(one.alpha as Nested), rowsOf(twoCloths(size), size, 3)];
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
