import { expect, test } from "vitest";
import type { Shadow } from "../../src/editor/recipe.ts";
import { gradient } from "../../src/kernels/gradient.ts";
import { gathered } from "../../src/kernels/resample.ts";
import { dropShadow } from "../../src/kernels/shadow.ts";
import type { Size } from "../../src/pictures.ts";
import { drawnShadow } from "../../src/steps/shade.ts";
import { expectClose, flat, goldenCases, type Nested, shapeOf } from "../golden.ts";

test.each(goldenCases("shadow"))("a shadow of angle $angle_deg", (one) => {
  const size = shapeOf(one.alpha as Nested) as unknown as Size;
  const shadow = one as unknown as { angle_deg: number; distance_px: number; softness_px: number; opacity: number };
  expectClose(dropShadow(flat(one.alpha as Nested), size, shadow), one.expected as Nested);
});

test.each(goldenCases("ground_shadow"))("a $kind shadow of softness $softness_px", (one) => {
  const size = shapeOf(one.alpha as Nested) as unknown as Size;
  expectClose(drawnShadow(flat(one.alpha as Nested), size, 1, one as unknown as Shadow)!, one.expected as Nested);
});

test.each(goldenCases("gradient"))("a gradient of angle $angle_deg from $from to $to", (one) => {
  const [rgb, alpha] = one.expected as readonly [Nested, Nested];
  type Rgba = [number, number, number, number];
  const made = gathered(gradient(one.size as Size, one.from as Rgba, one.to as Rgba, one.angle_deg as number));
  expectClose(
    made.filter((_, i) => i % 4 < 3),
    rgb,
  );
  expectClose(
    made.filter((_, i) => i % 4 === 3),
    alpha,
  );
  expect(made.length).toBe(4 * 5 * 8);
});
