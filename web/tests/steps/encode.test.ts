import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { concat, latin1 } from "../../src/formats/bytes.ts";
import { orientationOf, withResolution } from "../../src/formats/exif.ts";
import { profileOfCodes } from "../../src/formats/icc.ts";
import { headerBytes, writeDirectory } from "../../src/formats/ifd.ts";
import type { Cutout, Metadata } from "../../src/pictures.ts";
import { decode } from "../../src/steps/decode.ts";
import { ENCODE, encode, encodeLayers } from "../../src/steps/encode.ts";
import { codecsFromDisk } from "../formats/codecs.ts";
import { fading, shown, solid } from "../formats/pictures.ts";

codecsFromDisk();

const PROFILE = profileOfCodes(12, 13)!;
const ABOUT: Metadata = { profile: PROFILE, dpi: [300, 200], exif: null };

/** A block with an orientation, a maker and a place. */
function exif(): Uint8Array {
  const maker = { kind: 2, count: 6, data: latin1("Maker\0") };
  const place = writeDirectory(new Map([[1, { kind: 2, count: 2, data: latin1("N\0") }]]), "little", 8);
  const main = new Map([
    [0x010f, maker],
    [0x0112, { kind: 3, count: 1, data: Uint8Array.of(6, 0) }],
    [0x8825, { kind: 4, count: 1, data: Uint8Array.of(0, 0, 0, 0) }],
  ]);
  const at = 8 + writeDirectory(main, "little", 8).length;
  main.set(0x8825, { kind: 4, count: 1, data: Uint8Array.of(at, 0, 0, 0) });
  return concat([headerBytes("little"), writeDirectory(main, "little", 8), place]);
}

describe("a PNG", () => {
  test.each([8, 16] as const)("of %d bits keeps every bit that shows, and no colour that does not", async (depth) => {
    const picture = fading([40, 57], ABOUT, depth);
    const { image } = await decode(await encode(picture, "png"), "back.png");
    expect(image.rgb).toEqual(shown(picture));
    expect(image.alpha).toEqual(picture.alpha);
    expect(image.metadata).toEqual({ profile: PROFILE, dpi: [300, 200], exif: null });
  });

  test("without alpha has none", async () => {
    expect((await decode(await encode(solid([3, 4]), "png"), "back.png")).image.alpha).toBeNull();
  });

  test("of many strips is whole", async () => {
    const picture = fading([300, 400]);
    expect((await decode(await encode(picture, "png"), "back.png")).image.rgb).toEqual(shown(picture));
  });

  test("of one flat colour is small", async () => {
    const rgb = new Uint8Array(300 * 300 * 3).fill(200);
    const bytes = await encode({ size: [300, 300], rgb, alpha: null, metadata: ABOUT }, "png");
    expect(bytes.length).toBeLessThan(3000);
  });
});

test("a matte is the alpha at its own depth, white where there is none", async () => {
  const picture = fading([8, 9], ABOUT, 16);
  const { image } = await decode(await encode(picture, "matte"), "matte.png");
  expect(image.rgb.filter((_, i) => i % 3 === 1)).toEqual(picture.alpha);
  const white = (await decode(await encode(solid([2, 2]), "matte"), "matte.png")).image;
  expect([...white.rgb]).toEqual(Array(12).fill(255));
});

test("lossless WebP keeps every bit that shows", async () => {
  const picture = fading([40, 57], ABOUT);
  const { image } = await decode(await encode(picture, "webp", { ...ENCODE, file_quality: 100 }), "back.webp");
  expect(image.rgb).toEqual(shown(picture));
  expect(image.alpha).toEqual(picture.alpha);
});

test.each(["webp", "jpeg", "avif", "png"] as const)("%s keeps the profile and the resolution", async (format) => {
  const { image } = await decode(await encode(solid([20, 30], ABOUT), format), "back");
  expect(image.metadata.profile).toEqual(PROFILE);
  expect(image.metadata.dpi).toEqual([300, 200]);
});

test.each(["webp", "avif", "png", "jpeg"] as const)(
  "%s carries EXIF when asked, its place when asked again, its turn never",
  async (format) => {
    const picture = solid([20, 30], { ...ABOUT, exif: exif() });
    const back = async (options: typeof ENCODE): Promise<Uint8Array | null> =>
      (await decode(await encode(picture, format, options), "back")).image.metadata.exif;
    expect(await back(ENCODE)).toBeNull();
    const kept = (await back({ ...ENCODE, keep_exif: true }))!;
    const placed = (await back({ ...ENCODE, keep_exif: true, keep_gps: true }))!;
    expect(String.fromCharCode(...kept)).toContain("Maker");
    expect(placed.length).toBeGreaterThan(kept.length);
    expect(orientationOf(placed)).toBe(1);
  },
);

test("a profile of more than one JPEG part comes back whole", async () => {
  // Real ones of printers have half a megabyte; padded, for its tags are what counts.
  const large = concat([PROFILE, new Uint8Array(150_000)]);
  const { image } = await decode(await encode(solid([9, 9], { ...ABOUT, profile: large }), "jpeg"), "back.jpg");
  expect(image.metadata.profile).toEqual(large);
});

test("JPEG refuses a picture through which one can see", async () => {
  await expect(encode(fading([5, 5]), "jpeg")).rejects.toMatchObject({ code: "option" });
  const full = { ...fading([5, 5]), alpha: new Uint8Array(25).fill(255) };
  expect((await encode(full, "jpeg")).length).toBeGreaterThan(100);
});

test.each([0, 101, Number.NaN])("quality %d is refused", async (file_quality) => {
  await expect(encode(solid([5, 5]), "webp", { ...ENCODE, file_quality })).rejects.toMatchObject({ code: "option" });
});

test("a WebP wider than its format is refused in words", async () => {
  await expect(encode(solid([1, 16384]), "webp")).rejects.toThrow("16383 pixels a side");
});

test("a ZIP of layers has shadow and reflection as pictures of their own", async () => {
  const { size, rgb, metadata } = solid([2, 2]);
  const half = Float32Array.of(0, 0.5, 0.5, 0.5);
  const cutout: Cutout = { size, rgb, alpha: new Float32Array(4).fill(1), shadow: half, metadata };
  const mirrored = { rgb: new Uint8Array(12).fill(90), alpha: Uint8Array.of(0, 0, 40, 40) };
  const file = await encodeLayers({ cutout, photo: null, mirrored, background: rgb, merged: null }, "zip-layers");
  const files = unzipSync(new Uint8Array(await file.arrayBuffer()));
  expect(Object.keys(files)).toEqual(["color.jpg", "alpha.png", "shadow.png", "reflection.png"]);
  const shadow = (await decode(files["shadow.png"]!, "shadow.png")).image;
  expect([[...shadow.rgb], [...shadow.alpha!]]).toEqual([Array(12).fill(0), [0, 128, 128, 128]]);
  const reflection = (await decode(files["reflection.png"]!, "reflection.png")).image;
  expect([...reflection.alpha!]).toEqual([0, 0, 40, 40]);
});

test("layers of different sizes are refused", async () => {
  const { size, rgb, metadata } = solid([4, 4]);
  const cutout: Cutout = { size, rgb, alpha: new Float32Array(16).fill(1), shadow: null, metadata };
  const sources = { cutout, photo: new Uint8Array(3 * 25), background: null, merged: null };
  await expect(encodeLayers(sources, "psd")).rejects.toMatchObject({ code: "shape" });
});

test("a resolution alone makes a block", () => {
  expect(withResolution(null, [300, 300])).not.toBeNull();
  expect(withResolution(null, null)).toBeNull();
});
