import { expect, test } from "vitest";
import { gaussianBlur, over, resizedStraight } from "../../src/kernels/composite.ts";
import { gathered } from "../../src/kernels/resample.ts";
import { rowsOf } from "../../src/kernels/rows.ts";
import type { Size } from "../../src/pictures.ts";
import { type Case, expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

/** Straight RGBA of colours and alpha. */
function pixels(rgb: Float32Array, alpha: (i: number) => number): Float32Array {
  return Float32Array.from({ length: (rgb.length / 3) * 4 }, (_, i) =>
    i % 4 === 3 ? alpha(i >> 2) : rgb[3 * (i >> 2) + (i % 4)]!,
  );
}

function expectPixels(made: Float32Array, expected: unknown): void {
  const [rgb, alpha] = expected as [Nested, Nested];
  expectClose(
    made.filter((_, i) => i % 4 < 3),
    rgb,
  );
  expectClose(
    made.filter((_, i) => i % 4 === 3),
    alpha,
  );
}

const KERNELS: Record<string, (one: Case, rgb: Float32Array, size: Size) => void> = {
  over(one, rgb) {
    const alpha = flat(one.alpha as Nested);
    const top = pixels(rgb, (i) => alpha[i]!);
    over(
      top,
      pixels(flat(one.below as Nested), () => one.below_alpha as number),
      alpha.length,
    );
    expectPixels(top, one.expected);
  },
  resize_straight(one, rgb, size) {
    const alpha = flat(one.alpha as Nested);
    const layer = rowsOf(
      pixels(rgb, (i) => alpha[i]!),
      size,
      4,
    );
    expectPixels(gathered(resizedStraight(layer, one.size as Size)), one.expected);
  },
  gaussian_blur(one, rgb, size) {
    expectClose(gathered(gaussianBlur(rowsOf(rgb, size, 3), one.radius_px as number)), one.expected as Nested);
  },
};

goldenCases("composite").forEach((one, i) => {
  test(`${one.kernel} ${i}`, () => {
    const rgb = one.rgb as Nested;
    KERNELS[one.kernel as string]!(one, flat(rgb), shapeOf(rgb).slice(0, 2) as unknown as Size);
  });
});

test("rows that are made as they are read can be read in any order", () => {
  const rows = gaussianBlur(
    rowsOf(
      Float32Array.from({ length: 900 }, (_, i) => (i * 0.618) % 1),
      [30, 30],
      1,
    ),
    2,
  );
  const whole = gathered(rows);
  for (const y of [12, 11, 29, 0, 28, 27]) {
    const row = new Float32Array(4);
    rows.read(y, 3, 7, row);
    expect(row).toEqual(whole.slice(30 * y + 3, 30 * y + 7));
  }
});
