import { expect, test } from "vitest";
import { DEFAULTS, type Options } from "../src/options.ts";
import { type Image, NO_METADATA } from "../src/pictures.ts";
import { cutOut, matteOf } from "../src/pipeline.ts";
import { edit } from "../src/steps/edit.ts";
import { foreground } from "../src/steps/foreground.ts";
import { expectClose, goldenCases, type Nested } from "./golden.ts";
import { profileOf } from "./numbers.ts";
import { scene, scenePredictions } from "./scene.ts";

/** Both languages may differ by this much in a whole photo's way. */
const TOLERANCE = 1e-4;

goldenCases("pipeline").forEach((one) => {
  test(`a photo's way with ${JSON.stringify(one.options)}`, () => {
    const options: Options = { ...DEFAULTS, ...(one.options as Partial<Options>) };
    const photo = scene(one.shown_through as boolean, profileOf(one.profile));
    const matte = edit(matteOf(photo, scenePredictions(), options), options, photo.alpha);
    const cutout = foreground(photo, matte, options, true);
    const places = one.places as number[];
    const expected = one.expected as { alpha: Nested; rgb: Nested };
    expectClose(
      places.map((at) => cutout.alpha[at]!),
      expected.alpha,
      TOLERANCE,
    );
    expectClose(
      places.flatMap((at) => [0, 1, 2].map((c) => cutout.rgb[3 * at + c]! / 65535)),
      expected.rgb,
      TOLERANCE,
    );
    expect(cutout.alpha.reduce((sum, alpha) => sum + alpha, 0) / cutout.alpha.length).toBeCloseTo(
      one.mean as number,
      5,
    );
  });
});

test("colours that are not mixed again come in the photo's integers", () => {
  const photo: Image = {
    size: [2, 3],
    rgb: Uint8Array.from({ length: 18 }, (_, i) => i),
    alpha: null,
    metadata: NO_METADATA,
  };
  const matte = { size: photo.size, alpha: new Float32Array(6).fill(1) };
  expect(cutOut(photo, matte, DEFAULTS).rgb).toEqual(photo.rgb);
  expect(cutOut(photo, matte, { ...DEFAULTS, background: "white" }).rgb).toBeInstanceOf(Uint16Array);
});
