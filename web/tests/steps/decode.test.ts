import { zlibSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { FeathercutError } from "../../src/errors.ts";
import { bigBytes, concat, latin1 } from "../../src/formats/bytes.ts";
import { LIMITS } from "../../src/formats/limits.ts";
import { chunk, chunks, SIGNATURE } from "../../src/formats/png_chunks.ts";
import { decode } from "../../src/steps/decode.ts";
import { ENCODE, encode } from "../../src/steps/encode.ts";
import { codecsFromDisk } from "../formats/codecs.ts";
import { bmp, fading, GIF, numbers, profileWith, solid } from "../formats/pictures.ts";

codecsFromDisk();

async function refusal(bytes: Uint8Array, name = "cat.jpg", limits = LIMITS): Promise<FeathercutError> {
  const error: unknown = await decode(bytes, name, limits).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FeathercutError);
  return error as FeathercutError;
}

describe("what is no picture is named", () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["nothing", new Uint8Array(0), "empty"],
    ["a text", latin1("dear all, see below"), "a text"],
    ["a drawing", latin1('<?xml version="1.0"?>\n<!-- a > b --><svg xmlns="x"></svg>'), "an SVG drawing"],
    ["a page", latin1("<!doctype html><p>no"), "a web page"],
    ["a PDF", latin1("%PDF-1.7"), "a PDF"],
    ["a video", latin1("\0\0\0\x18ftypisom\0\0\0\0"), "a video"],
    ["noise", Uint8Array.from({ length: 99 }, (_, i) => (i * 37 + 128) & 255), "unknown kind"],
  ];
  test.each(cases)("%s", async (_, bytes, words) => {
    const error = await refusal(bytes);
    expect(error.code).toBe("not-a-picture" satisfies ErrorCode);
    expect(error.message).toContain(words);
    expect(error.message.startsWith("cat.jpg: ")).toBe(true);
  });

  test("many comments before no drawing take no time", async () => {
    expect((await refusal(latin1("<!---->".repeat(580)))).message).toContain("a text");
  });
});

describe("too large is told by the header, before memory is taken", () => {
  const header = (width: number, height: number): Uint8Array =>
    concat([
      SIGNATURE,
      ...chunk(
        "IHDR",
        bigBytes([
          [width, 4],
          [height, 4],
          [8, 1],
          [2, 1],
          [0, 3],
        ]),
      ),
    ]);

  test.each([
    ["200 megapixels", 20_000, 10_000, "200.0 megapixels"],
    ["30,000 px wide", 30_000, 100, "no side may be longer"],
    ["a whole number of billions", 4_000_000_000, 4_000_000_000, "megapixels"],
  ])("%s", async (_, width, height, words) => {
    const error = await refusal(header(width, height));
    expect(error.code).toBe("too-large");
    expect(error.message).toContain(words);
  });

  test("too many bytes", async () => {
    const error = await refusal(latin1("GIF89a"), "cat.gif", { ...LIMITS, max_megabytes: 1e-6 });
    expect(error.code).toBe("too-large");
  });

  test("pixels that cannot be in so short a file", async () => {
    const file = concat([header(9000, 9000), ...chunk("IDAT", latin1("x".repeat(99))), ...chunk("IEND")]);
    expect((await refusal(file)).message).toContain("cut short");
  });
});

test("one pixel is a picture in every format that is written", async () => {
  for (const format of ["png", "webp", "jpeg", "avif"] as const) {
    const { image } = await decode(await encode(solid([1, 1]), format), "one");
    expect(image.size).toEqual([1, 1]);
    expect(image.rgb.length).toBe(3);
  }
});

test("a GIF and a BMP give their very pixels", async () => {
  const red = (await decode(GIF, "red.gif")).image;
  expect(red.size).toEqual([5, 3]);
  expect([...red.rgb.subarray(0, 9)]).toEqual([255, 0, 0, 0, 0, 255, 255, 0, 0]);
  const picture = solid([7, 9]);
  expect((await decode(bmp(picture), "soft.bmp")).image.rgb).toEqual(picture.rgb);
});

test("a profile of which nothing can be made is kept, and said to be shown otherwise", async () => {
  const profile = profileWith("RGB ", "A2B0", new Uint8Array(40));
  const bytes = await encode(solid([4, 4], { profile, dpi: null, exif: null }), "png");
  const { image, notes } = await decode(bytes, "tables.png");
  expect(image.metadata.profile).toEqual(profile);
  expect(notes.join()).toContain("cannot be read here");
});

test("a broken profile counts as sRGB", async () => {
  const bytes = await encode(solid([4, 4], { profile: new Uint8Array(300), dpi: null, exif: null }), "png");
  const { image, notes } = await decode(bytes, "broken.png");
  expect(image.metadata.profile).toBeNull();
  expect(notes).toEqual([]);
});

describe("broken files", () => {
  const files = new Map<string, Uint8Array>();

  beforeAll(async () => {
    const metadata = { profile: new Uint8Array(200), dpi: [300, 300] as const, exif: null };
    const picture = fading([24, 31], metadata);
    files.set("png", await encode(picture, "png"));
    files.set("deep png", await encode(fading([9, 7], metadata, 16), "png"));
    files.set("jpeg", await encode({ ...picture, alpha: null }, "jpeg"));
    files.set("webp", await encode(picture, "webp"));
    files.set("lossless webp", await encode(picture, "webp", { ...ENCODE, file_quality: 100 }));
    files.set("avif", await encode(picture, "avif"));
    files.set("gif", GIF);
    files.set("bmp", bmp(picture));
  });

  /** A picture, or an error of ours of a kind that a person can do something about. */
  async function isHandled(bytes: Uint8Array): Promise<"read" | ErrorCode> {
    try {
      const { image } = await decode(bytes, "broken");
      expect(image.rgb.length).toBe(image.size[0] * image.size[1] * 3);
      return "read";
    } catch (error) {
      expect(error).toBeInstanceOf(FeathercutError);
      const { code } = error as FeathercutError;
      expect(["damaged-picture", "not-a-picture", "too-large"]).toContain(code);
      return code;
    }
  }

  const KINDS = ["png", "deep png", "jpeg", "webp", "lossless webp", "avif", "gif", "bmp"];

  test.each(KINDS)("%s cut off anywhere is damaged, whole it is read", async (kind) => {
    const bytes = files.get(kind)!;
    expect(await isHandled(bytes)).toBe("read");
    for (let part = 1; part < 40; part++) {
      const length = Math.min(Math.floor((bytes.length * part) / 40), bytes.length - 2);
      if (length > 16) expect(await isHandled(bytes.subarray(0, length)), `${length} bytes`).toBe("damaged-picture");
      else await isHandled(bytes.subarray(0, length));
    }
  });

  test.each(KINDS)("%s with wrong bytes anywhere is read or refused, never worse", async (kind) => {
    const random = numbers(kind.length * 77 + kind.charCodeAt(0));
    for (let round = 0; round < 60; round++) {
      const bytes = files.get(kind)!.slice();
      for (let wrong = 0; wrong <= round % 5; wrong++) {
        bytes[random.next().value % bytes.length] = random.next().value & 255;
      }
      await isHandled(bytes);
    }
  });

  test("a PNG whose packed pixels are wrong under right checksums is refused", async () => {
    const whole = files.get("png")!;
    const random = numbers(4);
    for (let round = 0; round < 40; round++) {
      const parts = [...chunks(whole)].map(([name, content]) => {
        const changed = content.slice();
        if (name === "IDAT") changed[random.next().value % changed.length]! ^= 1 + (round & 127);
        return chunk(name, changed);
      });
      await isHandled(concat([SIGNATURE, ...parts.flat()]));
    }
    const empty = [...chunks(whole)].flatMap(([name, content]) =>
      chunk(name, name === "IDAT" ? zlibSync(new Uint8Array(1000)) : content),
    );
    expect(await isHandled(concat([SIGNATURE, ...empty]))).toBe("damaged-picture");
  });

  test("after a broken file the next one is read", async () => {
    for (const kind of ["jpeg", "webp", "avif"]) {
      await isHandled(files.get(kind)!.subarray(0, 300));
      expect(await isHandled(files.get(kind)!)).toBe("read");
    }
  });
});

test("a codec that cannot be fetched is said to be offline", async () => {
  const { codec } = await import("../../src/formats/wasm.ts");
  const source = {
    name: "X files",
    script: () => Promise.reject(new Error("no network")),
    url: async () => ({ default: "x" }),
  };
  await expect(codec(source)).rejects.toMatchObject({ code: "offline" });
});
