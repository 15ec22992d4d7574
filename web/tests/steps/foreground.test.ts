import { expect, test } from "vitest";
import { cut } from "../../src/kernels/windows.ts";
import { DEFAULTS } from "../../src/options.ts";
import { type Box, type Image, NO_METADATA, type Size } from "../../src/pictures.ts";
import {
  boxForColours,
  COLOURS_MARGIN_PX,
  foreground,
  foregroundIn,
  surroundingsOf,
} from "../../src/steps/foreground.ts";
import { scene } from "../scene.ts";

/** A soft blob all over the photo's middle, as wide as the photo. */
function softMatte(size: Size): Float32Array {
  const [height, width] = size;
  return Float32Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width) / height - 0.5, (i % width) / width - 0.5];
    return Math.min(1, Math.max(0, 1.4 - 4 * Math.sqrt(y * y + x * x)));
  });
}

/** The most levels by which colours of `wanted` differ from the whole photo's. */
function worst(
  photo: Image,
  alpha: Float32Array,
  known: Float32Array,
  wanted: Box,
  asked: readonly Box[] = [],
): number {
  const { size } = photo;
  const around = surroundingsOf(photo, { size, alpha: known });
  const colours = (part: Box): [Uint8Array, Box] => {
    const box = boxForColours(part, size);
    return [foregroundIn(photo, cut(alpha, size[1], box), box, DEFAULTS.decontaminate, around), box];
  };
  asked.forEach(colours);
  const [part, box] = colours(wanted);
  const whole = foreground(photo, { size, alpha }, DEFAULTS).rgb;
  let most = 0;
  for (let y = wanted[0]; y < wanted[2]; y++) {
    for (let x = 3 * wanted[1]; x < 3 * wanted[3]; x++) {
      const own = part[3 * (y - box[0]) * (box[3] - box[1]) + x - 3 * box[1]]!;
      most = Math.max(most, Math.abs(own - whole[3 * y * size[1] + x]!));
    }
  }
  return most;
}

test.each([
  ["in the middle", [200, 300, 330, 420]],
  ["at the photo's end", [560, 800, 660, 880]],
  ["of one pixel", [331, 441, 332, 442]],
  ["that is all of it", [0, 0, 660, 880]],
] as const)("the colours of a box %s are those of the whole photo", (_, wanted) => {
  for (const photo of [scene(false, null), scene(true, null)]) {
    const alpha = softMatte(photo.size);
    expect(worst(photo, alpha, alpha, wanted)).toBeLessThanOrEqual(1);
  }
});

test("what boxes say of the matte is known to those that come after", () => {
  const photo = scene(false, null);
  // So wide a slope that a box knows neither end of it.
  const after = Float32Array.from({ length: 660 * 880 }, (_, i) => 0.02 + ((i % 880) / 880) * 0.96);
  const before = new Float32Array(after.length);
  const wanted: Box = [250, 400, 330, 500];
  const quarters: Box[] = [0, 330].flatMap((y) => [0, 440].map((x): Box => [y, x, y + 330, x + 440]));
  expect(worst(photo, after, before, wanted)).toBeGreaterThan(1);
  expect(worst(photo, after, before, wanted, quarters)).toBeLessThanOrEqual(1);
});

test("a box for colours begins at whole cells and ends with the photo", () => {
  const size: Size = [3000, 4000];
  const [top, left, bottom, right] = boxForColours([1000, 1000, 1100, 3990], size);
  expect([top % 64, left % 64, bottom % 64, right]).toEqual([0, 0, 0, 4000]);
  expect(Math.min(1000 - top, 1000 - left, bottom - 1100)).toBeGreaterThanOrEqual(COLOURS_MARGIN_PX);
});

test("the smallest photos have colours, too", () => {
  const photo: Image = { size: [1, 1], rgb: Uint8Array.of(9, 99, 199), alpha: null, metadata: NO_METADATA };
  const alpha = Float32Array.of(0.5);
  expect(worst(photo, alpha, alpha, [0, 0, 1, 1])).toBe(0);
});

test("without decontamination soft pixels keep the photo's colours", () => {
  const photo: Image = {
    size: [1, 3],
    rgb: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
    alpha: null,
    metadata: NO_METADATA,
  };
  const made = foreground(photo, { size: [1, 3], alpha: Float32Array.of(0, 0.5, 1) }, { decontaminate: 0 });
  expect([...made.rgb]).toEqual([0, 0, 0, 4, 5, 6, 7, 8, 9]);
});
