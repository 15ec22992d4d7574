import { expect, test } from "vitest";
import type { Box, Prediction } from "../../src/pictures.ts";
import { differ, isSame } from "../../src/steps/afar.ts";
import { isAfar } from "../../src/steps/refine.ts";

const SIDE = 64;

/** Sure of the columns up to one, of a canvas that shows the photo in a box. */
function upTo(column: number, inside: Box = [0, 0, SIDE, SIDE]): Prediction {
  const alpha = Float32Array.from({ length: SIDE * SIDE }, (_, i) => Number(i % SIDE < column));
  return { size: [SIDE, SIDE], alpha, inside, model: "m", resample: "bilinear" };
}

test("networks differ where a part is one's alone, not by the width of an edge", () => {
  expect(differ(upTo(30), upTo(30))).toBe(false);
  expect(differ(upTo(30), upTo(33))).toBe(false);
  expect(differ(upTo(20), upTo(40))).toBe(true);
  expect(differ(upTo(0), upTo(0))).toBe(false);
});

test("a look from afar is at the same subject where they share a quarter", () => {
  const afar = upTo(32, [12, 12, 52, 52]);
  expect([isAfar(afar), isAfar(upTo(32))]).toEqual([true, false]);
  expect(isSame(upTo(32), afar)).toBe(true);
  expect(isSame(upTo(4), afar)).toBe(false);
});
