import { expect, test } from "vitest";
import { concat, latin1 } from "../../src/formats/bytes.ts";
import { orientationOf } from "../../src/formats/exif.ts";
import { colourSpace, greyToSrgb, profileOfCodes } from "../../src/formats/icc.ts";
import { headerBytes, unsignedBytes, writeDirectory } from "../../src/formats/ifd.ts";
import { pick, walk } from "../../src/formats/orientation.ts";
import { most, packBits } from "../../src/formats/packbits.ts";
import { passes, unfilter } from "../../src/formats/png_rows.ts";
import { FILTERS, filterRow } from "../../src/formats/row_filters.ts";
import { numbers, profileWith } from "./pictures.ts";

test.each([
  [1, [1, 2, 3, 4, 5, 6]],
  [2, [3, 2, 1, 6, 5, 4]],
  [3, [6, 5, 4, 3, 2, 1]],
  [4, [4, 5, 6, 1, 2, 3]],
  [5, [1, 4, 2, 5, 3, 6]],
  [6, [4, 1, 5, 2, 6, 3]],
  [7, [6, 3, 5, 2, 4, 1]],
  [8, [3, 6, 2, 5, 1, 4]],
])("orientation %d stands upright", (orientation, expected) => {
  const path = walk([2, 3], orientation);
  expect(path.size).toEqual(orientation > 4 ? [3, 2] : [2, 3]);
  expect([...pick(Uint8Array.of(1, 2, 3, 4, 5, 6), 1, 0, 1, path)]).toEqual(expected);
});

test.each(FILTERS)("the row filter %s is undone", (filter) => {
  const random = numbers(5);
  const rows = [0, 1].map(() => Uint8Array.from({ length: 40 }, () => random.next().value & 255));
  const out = new Uint8Array(41);
  filterRow(filter, rows[1]!, rows[0]!, 4, out);
  const back = out.slice(1);
  unfilter(out[0]!, back, rows[0]!, 4);
  expect(back).toEqual(rows[1]);
});

test("interlaced passes cover each pixel once", () => {
  for (const [width, height] of [
    [1, 1],
    [3, 5],
    [8, 8],
    [13, 9],
  ] as const) {
    const hits = new Uint8Array(width * height);
    for (const pass of passes(width, height, true)) {
      for (let y = 0; y < pass.height; y++) {
        for (let x = 0; x < pass.width; x++) {
          const at = (pass.y + y * pass.dy) * width + pass.x + x * pass.dx;
          hits[at] = hits[at]! + 1;
        }
      }
    }
    expect(new Set(hits)).toEqual(new Set([1]));
  }
});

/** As Apple's note has it, one byte at a time. */
function unpackBits(packed: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < packed.length; ) {
    const head = packed[at++]!;
    if (head < 128) for (let i = 0; i <= head; i++) out.push(packed[at++]!);
    else {
      expect(head).not.toBe(128);
      for (let i = 0; i < 257 - head; i++) out.push(packed[at]!);
      at++;
    }
  }
  return out;
}

test("PackBits is undone, and never longer than it says", () => {
  const random = numbers(9);
  for (let round = 0; round < 300; round++) {
    const length = 1 + (random.next().value % 700);
    const kinds = 1 + (round % 4);
    const row = Uint8Array.from({ length }, () => random.next().value % kinds);
    const out = new Uint8Array(most(length));
    const end = packBits(row, out, 0);
    expect(end).toBeLessThanOrEqual(out.length);
    expect(unpackBits(out.subarray(0, end))).toEqual([...row]);
  }
});

test.each([3, 4, 9])("an orientation counts as a number of kind %d", (kind) => {
  for (const order of ["little", "big"] as const) {
    const data = unsignedBytes(6, kind === 3 ? 2 : 4, order);
    const block = concat([headerBytes(order), writeDirectory(new Map([[274, { kind, count: 1, data }]]), order, 8)]);
    expect(orientationOf(block)).toBe(6);
  }
});

test("profiles of colour codes are whole; sRGB needs none", () => {
  expect(colourSpace(profileOfCodes(12, 13)!)).toBe("rgb");
  expect(colourSpace(profileOfCodes(9, 13)!)).toBe("rgb");
  expect(profileOfCodes(1, 13)).toBeNull();
  expect(profileOfCodes(9, 16)).toBeNull();
});

test("a profile that is cut, or none, names no space", () => {
  const whole = profileOfCodes(12, 13)!;
  expect(colourSpace(whole.subarray(0, 300))).toBeNull();
  expect(colourSpace(new Uint8Array(500))).toBeNull();
});

test("grey goes to sRGB through its profile's curve", () => {
  const gamma = profileWith("GRAY", "kTRC", concat([latin1("curv\0\0\0\0"), Uint8Array.of(0, 0, 0, 1, 1, 0x80)]));
  expect(colourSpace(gamma)).toBe("gray");
  // Gamma 1.5: a half is 0.354 of the light, which sRGB writes as 0.63.
  expect(greyToSrgb(gamma, 255)![128]).toBe(161);
  const linear = profileWith("GRAY", "kTRC", concat([latin1("curv\0\0\0\0"), new Uint8Array(4)]));
  expect(greyToSrgb(linear, 65535)![65535]).toBe(65535);
  expect(greyToSrgb(linear, 255)![55]).toBe(128);
});
