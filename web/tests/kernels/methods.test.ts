import { expect, test } from "vitest";
import { evidenceOf } from "../../src/diagnose/evidence.ts";
import { otherMethod } from "../../src/diagnose/other_method.ts";
import { key } from "../../src/kernels/chroma.ts";
import { plainTrimap } from "../../src/kernels/plain.ts";
import { gathered } from "../../src/kernels/resample.ts";
import { type Rows, rowsOf } from "../../src/kernels/rows.ts";
import { findScreen } from "../../src/kernels/screen.ts";
import { NO_METADATA, type Size } from "../../src/pictures.ts";
import type { Verdict } from "../../src/report.ts";
import { expectClose, goldenCases, type Nested } from "../golden.ts";

const [HEIGHT, WIDTH] = [60, 84];
const BACKDROPS: Record<string, readonly number[]> = {
  green: [0.12, 0.65, 0.2],
  blue: [0.15, 0.25, 0.7],
  grey: [0.62, 0.6, 0.58],
};
const DISC = [0.6, 0.35, 0.3];
const CLOTH = [0.3, 0.8, 0.42];

/** What `scripts/golden_methods.py` draws, so many times as large. */
function drawn(backdrop: string, scale: number, isDressed = false): Rows {
  const size: Size = [HEIGHT * scale, WIDTH * scale];
  const rgb = new Uint8Array(3 * size[0] * size[1]);
  for (let at = 0; at < size[0] * size[1]; at++) {
    const [y, x] = [Math.floor(Math.floor(at / size[1]) / scale), Math.floor((at % size[1]) / scale)];
    const far = Math.sqrt((y - 34) ** 2 + (x - 42) ** 2) - 17;
    const hair = ((x * 3 + y * 5) % 7) - 3;
    const stands = y > 44 && x > 30 && x < 54;
    const alpha = stands ? 1 : Math.min(1, Math.max(0, 0.5 - far - hair * 0.5));
    const tone = ((x * 7 + y * 11) % 13) / 13;
    const grain = ((((x * 5 + y * 3) % 11) - 5) / 11) * 0.01;
    const light = 1 - 0.3 * ((x / WIDTH - 0.5) ** 2 + (y / HEIGHT - 0.4) ** 2);
    for (let c = 0; c < 3; c++) {
      const behind = BACKDROPS[backdrop]![c]! * light + grain;
      const bare = alpha * (DISC[c]! * (0.75 + 0.5 * tone)) + (1 - alpha) * behind;
      const isCloth = isDressed && y > 46 && x > 11 && x < 73;
      rgb[3 * at + c] = Math.floor((isCloth ? CLOTH[c]! * (0.75 + (x + 2 * y) / 400) : bare) * 255 + 0.5);
    }
  }
  return rowsOf(rgb, size, 3);
}

/** Every `scale`th pixel, both ways. */
function picked(plane: Float32Array, scale: number): Float32Array {
  const width = WIDTH * scale;
  return plane.filter((_, i) => (i % width) % scale === 0 && Math.floor(i / width) % scale === 0);
}

test.each(goldenCases("methods").filter(({ kernel }) => kernel === "find_screen"))("the screen: $backdrop", (one) => {
  const found = findScreen(drawn(one.backdrop as string, 1));
  if (one.expected === null) expect(found).toBeNull();
  else expectClose(found!, one.expected as Nested);
});

test.each(goldenCases("methods").filter(({ kernel }) => kernel === "key"))("$backdrop keyed, $scale× (row $row)", (one) => {
  const scale = one.scale as number;
  const photo = drawn(one.backdrop as string, scale, one.is_dressed === true);
  const keyed = key(photo, findScreen(photo)!, one.despill as number);
  const expected = one.expected as { alpha: Nested; rgb: Nested };
  expectClose(picked(keyed.alpha, scale), expected.alpha);
  const row = 3 * (one.row as number) * scale * WIDTH * scale;
  const own = Float32Array.from(keyed.rgb.subarray(row, row + 3 * WIDTH * scale), (value) => value / 65535);
  expectClose(own, expected.rgb, 2e-5);
});

test.each(goldenCases("methods").filter(({ kernel }) => kernel === "plain_trimap"))(
  "a plain backdrop, $scale×",
  (one) => {
    const scale = one.scale as number;
    expectClose(picked(plainTrimap(drawn("grey", scale))!, scale), one.expected as Nested);
  },
);

test.each(goldenCases("methods").filter(({ kernel }) => kernel === "other_method"))(
  "what is named before $backdrop where a cutout is $verdict",
  (one) => {
    const size: Size = [HEIGHT, WIDTH];
    const rgb = gathered(drawn(one.backdrop as string, 1));
    const alpha = Float32Array.from({ length: HEIGHT * WIDTH }, (_, i) => {
      const [y, x] = [Math.floor(i / WIDTH), i % WIDTH];
      return y >= 20 && x >= 30 && x < 54 ? 1 : 0;
    });
    const prediction = { size, alpha, inside: [0, 0, ...size], model: "golden", resample: "bilinear" } as const;
    const photo = { size, rgb, alpha: null, metadata: NO_METADATA };
    const evidence = evidenceOf(photo, [prediction], { size, alpha });
    expect(otherMethod(evidence, one.verdict as Verdict)).toBe(one.expected);
  },
);

test("a photo without a screen or a plain backdrop has none, and one pixel breaks nothing", () => {
  const noise = Uint8Array.from({ length: 3 * 40 * 50 }, (_, i) => ((i * 0.618034) % 1) * 255);
  expect(findScreen(rowsOf(noise, [40, 50], 3))).toBeNull();
  expect(plainTrimap(rowsOf(noise, [40, 50], 3))).toBeNull();
  const green = rowsOf(Uint8Array.of(20, 200, 30), [1, 1], 3);
  expect([...key(green, findScreen(green)!, 1).alpha]).toEqual([0]);
  expect(plainTrimap(green)?.length).toBe(1);
});
