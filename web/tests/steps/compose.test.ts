import { expect, test } from "vitest";
import { DEFAULTS, type Options } from "../../src/options.ts";
import type { Cutout, Image, Size } from "../../src/pictures.ts";
import { compose, onColour } from "../../src/steps/compose.ts";
import { expectClose, goldenCases, type Nested } from "../golden.ts";
import { deep, fifteenths, profileOf } from "../numbers.ts";

const SIZE: Size = [26, 34];
const COUNT = SIZE[0] * SIZE[1];
/** 16 bits, the steps of which are as fine as what is compared, round once. */
const TOLERANCE = 2.5e-5;

function cutoutOf(photo: Image): Cutout {
  const alpha = Float32Array.from({ length: COUNT }, (_, i) => {
    const away = Math.max(Math.abs(Math.floor(i / SIZE[1]) - 13), Math.abs((i % SIZE[1]) - 15));
    return (Math.min(3, Math.max(0, 9 - away)) * 5) / 15;
  });
  const rgb = photo.rgb.map((value, i) => (alpha[Math.floor(i / 3)]! > 0 ? value : 0));
  return { size: SIZE, rgb, alpha, shadow: null, metadata: photo.metadata };
}

const picture: Image = {
  size: [12, 31],
  rgb: deep(fifteenths(12 * 31 * 3)),
  alpha: null,
  metadata: { profile: null, dpi: null, exif: null },
};

goldenCases("compose").forEach((one) => {
  test(`${JSON.stringify(one.options)}${one.is_own ? ", photo with alpha" : ""}${one.profile ? ", profile" : ""}`, () => {
    const photo: Image = {
      size: SIZE,
      rgb: deep(fifteenths(3 * COUNT)),
      alpha: one.is_own ? deep(fifteenths(COUNT)) : null,
      metadata: { profile: profileOf(one.profile), dpi: null, exif: null },
    };
    const options = { ...DEFAULTS, ...(one.options as Partial<Options>) };
    const behind = options.background === "picture" ? ({ behind: { kind: "picture", picture } } as const) : {};
    const made = compose(cutoutOf(photo), photo, options, behind);
    const expected = one.expected as { rgb: Nested; alpha: Nested | null };
    // Converted colours differ by what the colour engine rounds (tests/kernels/colour.test.ts).
    expectClose(
      Float32Array.from(made.rgb, (value) => value / 65535),
      expected.rgb,
      one.profile ? 6e-5 : TOLERANCE,
    );
    if (expected.alpha === null) expect(made.alpha).toBeNull();
    else
      expectClose(
        Float32Array.from(made.alpha!, (value) => value / 65535),
        expected.alpha,
        TOLERANCE,
      );
  });
});

test("a path is no picture here", () => {
  expect(() => compose(cutoutOf(picture), picture, { ...DEFAULTS, background: "beach.jpg" })).toThrow(
    "choose the picture",
  );
});

test("a shadow is cast on the canvas, below the subject and above the background", () => {
  const photo: Image = { ...picture, size: [2, 2], rgb: new Uint8Array(12).fill(200) };
  const cutout: Cutout = {
    size: [2, 2],
    rgb: photo.rgb,
    alpha: Float32Array.of(1, 0, 0, 0),
    shadow: null,
    metadata: photo.metadata,
  };
  const shadow = (alpha: Float32Array, canvas: Size, ratio: number): Float32Array => {
    expect([[...alpha], canvas, ratio]).toEqual([[1, 0, 0, 0], [2, 2], 1]);
    return Float32Array.of(1, 0.5, 0, 0);
  };
  const made = compose(cutout, photo, { ...DEFAULTS, background: "white" }, { shadow });
  expect([...made.rgb].filter((_, i) => i % 3 === 0)).toEqual([200, 128, 255, 255]);
});

test("a picture is put on a colour", () => {
  const half: Image = { ...picture, size: [1, 2], rgb: Uint8Array.of(0, 0, 0, 9, 9, 9), alpha: Uint8Array.of(0, 255) };
  const made = onColour(half, [1, 0, 0, 1]);
  expect([[...made.rgb], made.alpha]).toEqual([[255, 0, 0, 9, 9, 9], null]);
});
