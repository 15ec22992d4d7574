import { expect, test } from "vitest";
import { DEFAULTS, type Options } from "../src/options.ts";
import { type Image, NO_METADATA } from "../src/pictures.ts";
import { cutOut, finish, matteOf } from "../src/pipeline.ts";
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

test.each([
  [1, 1],
  [1, 3000],
  [3000, 1],
  [2, 65],
  [67, 129],
])("a photo of %i×%i goes all the way with every slider", (height, width) => {
  const count = height * width;
  const photo: Image = {
    size: [height, width],
    rgb: Uint16Array.from({ length: 3 * count }, (_, i) => (i * 40503) % 65536),
    alpha: Uint16Array.from({ length: count }, (_, i) => 65535 - (i % 7) * 9000),
    metadata: NO_METADATA,
  };
  const options: Options = {
    ...DEFAULTS,
    presence: 0,
    edge_shift: -3,
    edge_softness: 12,
    edge_contrast: 20,
    background: "blur",
    crop: true,
    margin: "5%",
    size: "40x30",
  };
  const predictions = scenePredictions();
  const cutout = cutOut(photo, matteOf(photo, predictions, options), options);
  const made = finish(cutout, photo, options);
  expect(made.size).toEqual([30, 40]);
  const beyond = cutout.alpha.findIndex((alpha, i) => !(alpha >= 0 && alpha <= Math.fround(photo.alpha![i]! / 65535)));
  expect(`${beyond}: ${cutout.alpha[beyond]} of ${photo.alpha![beyond]}`).toBe("-1: undefined of undefined");
  expect(predictions[0]!.alpha).toEqual(scenePredictions()[0]!.alpha);
});
