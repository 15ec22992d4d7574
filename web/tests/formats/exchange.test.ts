/**
 * Files that Python and this side give each other: `tests/app/test_web_formats.py` lays them out in a folder, runs this, and
 * looks at what came out with readers of its own. Without it there is nothing to do here.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FeathercutError } from "../../src/errors.ts";
import type { Image, Metadata, Samples, Size } from "../../src/pictures.ts";
import { decode } from "../../src/steps/decode.ts";
import { ENCODE, encode, encodeLayers, type StillFormat } from "../../src/steps/encode.ts";
import { codecsFromDisk } from "./codecs.ts";

const FOLDER = process.env.FEATHERCUT_EXCHANGE;

codecsFromDisk();

function read(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(`${FOLDER}/${name}`));
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString("hex");
}

/** Numbers as JSON and samples beside it, as Python compares them. */
async function told(name: string): Promise<unknown> {
  try {
    const { image, notes } = await decode(read(`in/${name}`), name);
    const parts = [image.rgb, image.alpha].flatMap((samples) => (samples ? [bytesOf(samples)] : []));
    writeFileSync(`${FOLDER}/out/${name}.raw`, Buffer.concat(parts));
    const { profile, dpi, exif } = image.metadata;
    const depth = image.rgb instanceof Uint16Array ? 16 : 8;
    return { size: image.size, depth, alpha: image.alpha !== null, profile: hex(profile), dpi, exif: hex(exif), notes };
  } catch (error) {
    if (!(error instanceof FeathercutError)) throw error;
    return { code: error.code, message: error.message };
  }
}

function bytesOf(samples: Samples): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

test.runIf(FOLDER)("files of others are read", async () => {
  const names = readdirSync(`${FOLDER}/in`);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) writeFileSync(`${FOLDER}/out/${name}.json`, JSON.stringify(await told(name)));
});

const PICTURE = (): { image: Image; size: Size; metadata: Metadata } => {
  const size = JSON.parse(readFileSync(`${FOLDER}/size.json`, "utf8")) as [number, number];
  const metadata = { profile: read("profile.icc"), dpi: [300, 150] as const, exif: read("exif.bin") };
  return { image: { size, rgb: read("rgb.bin"), alpha: read("alpha.bin"), metadata }, size, metadata };
};

test.runIf(FOLDER)("files for others are written", async () => {
  const { image } = PICTURE();
  const opaque = { ...image, alpha: null };
  const wide = { ...image, rgb: sixteen(image.rgb), alpha: sixteen(image.alpha!) };
  const kept = { ...ENCODE, keep_exif: true };
  const cases: readonly (readonly [string, Image, StillFormat, typeof ENCODE])[] = [
    ["cutout.png", image, "png", ENCODE],
    ["sixteen.png", wide, "png", ENCODE],
    ["opaque.png", opaque, "png", kept],
    ["placed.png", opaque, "png", { ...kept, keep_gps: true }],
    ["matte.png", image, "matte", ENCODE],
    ["lossless.webp", image, "webp", { ...kept, file_quality: 100 }],
    ["lossy.webp", image, "webp", ENCODE],
    ["cutout.avif", image, "avif", kept],
    ["opaque.avif", opaque, "avif", ENCODE],
    ["opaque.jpg", opaque, "jpeg", kept],
  ];
  for (const [name, picture, format, options] of cases) {
    writeFileSync(`${FOLDER}/out/${name}`, await encode(picture, format, options));
  }
});

test.runIf(FOLDER)("layered files for others are written", async () => {
  const { image, size, metadata } = PICTURE();
  const alpha = Float32Array.from(image.alpha!, (level) => level / 255);
  const shadow = alpha.map((level) => level / 2);
  const photo = read("photo.bin");
  const cutout = { size, rgb: image.rgb, alpha, shadow, metadata };
  const background = new Uint8Array(image.rgb.length).fill(200);
  const clear = { cutout: { ...cutout, shadow: null }, photo, background: null, merged: image };
  const full = { cutout, photo, background, merged: null };
  for (const [name, sources, format] of [
    ["clear.psd", clear, "psd"],
    ["full.psd", full, "psd"],
    ["full.ora", full, "ora"],
    ["layers.zip", clear, "zip-layers"],
  ] as const) {
    const blob = await encodeLayers(sources, format, { ...ENCODE, file_quality: 95 });
    writeFileSync(`${FOLDER}/out/${name}`, Buffer.from(await blob.arrayBuffer()));
  }
});

function sixteen(samples: Samples): Uint16Array {
  return Uint16Array.from(samples, (level, place) => (level ? level * 257 - (place % 200) : 0));
}
