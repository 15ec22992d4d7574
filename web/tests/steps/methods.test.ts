import { expect, test } from "vitest";
import { DEFAULTS } from "../../src/options.ts";
import { type Image, NO_METADATA, type Size } from "../../src/pictures.ts";
import { cutOut, matteOf } from "../../src/pipeline.ts";
import { draw } from "../../src/steps/methods.ts";

const SIZE: Size = [40, 50];
const COUNT = SIZE[0] * SIZE[1];

/** A red disc before a backdrop of one colour. */
function disc(backdrop: readonly number[], alpha: Uint8Array | null = null): Image {
  const rgb = new Uint8Array(3 * COUNT);
  for (let i = 0; i < COUNT; i++) {
    const inside = Math.hypot(Math.floor(i / SIZE[1]) - 20, (i % SIZE[1]) - 25) < 11;
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = inside ? [200, 90, 80][c]! : backdrop[c]!;
  }
  return { size: SIZE, rgb, alpha, metadata: NO_METADATA };
}

const GREEN = [30, 170, 50];
const [MIDDLE, CORNER] = [20 * SIZE[1] + 25, 2 * SIZE[1] + 2];
const keyed = { ...DEFAULTS, method: "chroma" } as const;

test("a screen is keyed, found or named, and solid parts keep the photo's colours to the bit", () => {
  const photo = disc(GREEN);
  for (const screen of ["auto", "#1eaa32"]) {
    const drawn = draw(photo, { ...keyed, screen });
    const matte = matteOf(photo, [], keyed, drawn);
    expect([matte.alpha[MIDDLE], matte.alpha[CORNER]]).toEqual([1, 0]);
    const { rgb } = cutOut(photo, matte, keyed);
    expect([...rgb.subarray(3 * MIDDLE, 3 * MIDDLE + 3)]).toEqual([200, 90, 80]);
    expect([...rgb.subarray(3 * CORNER, 3 * CORNER + 3)]).toEqual([0, 0, 0]);
    const bare = cutOut(photo, matte, { ...keyed, decontaminate: 0 }).rgb;
    expect(bare.every((value, i) => value === 0 || value === photo.rgb[i])).toBe(true);
  }
});

test("a plain backdrop is taken off", () => {
  const photo = disc([180, 178, 170]);
  const plain = { ...DEFAULTS, method: "plain" } as const;
  const matte = matteOf(photo, [], plain, draw(photo, plain));
  expect([matte.alpha[MIDDLE], matte.alpha[CORNER], matte.colours]).toEqual([1, 0, undefined]);
});

test("the photo's own alpha stays the ceiling", () => {
  const drawn = draw(disc(GREEN, new Uint8Array(COUNT).fill(51)), { ...keyed, screen: "#1eaa32" });
  expect(Math.max(...drawn.alpha)).toBeLessThanOrEqual(0.2 + 1e-6);
});

test("a photo that is none for a method says so", () => {
  expect(() => draw(disc([180, 178, 170]), keyed)).toThrow("There is no screen");
  expect(() => draw(disc(GREEN), { ...keyed, screen: "grey" })).toThrow("has no strong colour");
  const noise = { ...disc(GREEN), rgb: Uint8Array.from({ length: 3 * COUNT }, (_, i) => ((i * 0.618034) % 1) * 255) };
  expect(() => draw(noise, { ...keyed, method: "plain" })).toThrow("no plain backdrop");
});
