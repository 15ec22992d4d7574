import { expect, test } from "vitest";
import { solvedEdges } from "../../src/kernels/few_pixels.ts";
import { type Rows, rowsOf } from "../../src/kernels/rows.ts";
import { alphaFromTrimap } from "../../src/kernels/trimap.ts";
import type { Size } from "../../src/pictures.ts";
import { expectClose, goldenCases, type Nested } from "../golden.ts";

/** What `scripts/golden_few_pixels.py` draws. */
function drawn(size: Size): { photo: Rows; alpha: Float32Array } {
  const [height, width] = size;
  const rgb = new Uint8Array(3 * height * width);
  const alpha = new Float32Array(height * width);
  for (let at = 0; at < alpha.length; at++) {
    const [y, x] = [Math.floor(at / width), at % width];
    const far = Math.sqrt((y - height * 0.5) ** 2 + (x - width * 0.5) ** 2) - height * 0.3;
    const hair = ((x * 3 + y * 5) % 7) - 3;
    const share = Math.min(1, Math.max(0, 0.5 - far - hair * 0.4));
    const tone = ((x * 7 + y * 11) % 13) / 13;
    for (let c = 0; c < 3; c++) {
      const [disc, wall] = [[0.55, 0.3, 0.2][c]! + 0.15 * tone, [0.3, 0.5, 0.7][c]! + 0.1 * (x / width)];
      rgb[3 * at + c] = Math.floor((share * disc + (1 - share) * wall) * 255 + 0.5);
    }
    alpha[at] = Math.min(1, Math.max(0, 0.5 - far / 8));
  }
  return { photo: rowsOf(rgb, size, 3), alpha };
}

test.each(goldenCases("few_pixels"))("$kernel of $size", (one) => {
  const [size, rows] = [one.size as Size, one.rows as readonly [number, number]];
  const { photo, alpha } = drawn(size);
  const trimap = alpha.map((value) => (value > 0.8 ? 1 : value < 0.2 ? 0 : 0.5));
  const found = one.kernel === "solved_edges" ? solvedEdges(photo, alpha) : alphaFromTrimap(photo, trimap);
  expectClose(found.subarray(rows[0] * size[1], rows[1] * size[1]), one.expected as Nested);
});

test("what is known stays to the bit, and where one side is missing nothing breaks", () => {
  const { photo, alpha } = drawn([60, 70]);
  const trimap = alpha.map((value) => (value > 0.8 ? 1 : value < 0.2 ? 0 : 0.5));
  const found = alphaFromTrimap(photo, trimap);
  expect(found.every((value, i) => trimap[i] === 0.5 || value === trimap[i])).toBe(true);
  const nowhere = alphaFromTrimap(
    photo,
    trimap.map((value) => Math.max(value, 0.5)),
  );
  expect(nowhere.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect([...solvedEdges(photo, new Float32Array(60 * 70))].every((value) => value === 0)).toBe(true);
  expect([...solvedEdges(rowsOf(Uint8Array.of(1, 2, 3), [1, 1], 3), Float32Array.of(0.5))]).toEqual([0.5]);
});
