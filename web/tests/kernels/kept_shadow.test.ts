import { expect, test } from "vitest";
import { keptShadow } from "../../src/kernels/kept_shadow.ts";
import { solvedLinear } from "../../src/kernels/linear.ts";
import { median, weightedQuantile } from "../../src/kernels/quantile.ts";
import { DEFAULTS, type Options } from "../../src/options.ts";
import { NO_METADATA, type Size } from "../../src/pictures.ts";
import { compose } from "../../src/steps/compose.ts";
import { keepShadow } from "../../src/steps/keep_shadow.ts";
import { roomOf } from "../../src/steps/shade.ts";
import { expectClose, goldenCases, type Nested } from "../golden.ts";

const SIZE: Size = [60, 80];
const FLOOR = [1, 0.95, 0.85];
const TILE = [0.12, 0.2, 0.25];
const BOX = [0.2, 0.45, 0.6];

/** What `scripts/golden_kept_shadow.py` draws: photo (8 bits) and outline, so many times as large. */
function drawn(floor: string, scale: number): { size: Size; rgb: Uint8Array; alpha: Float32Array } {
  const size: Size = [SIZE[0] * scale, SIZE[1] * scale];
  const rgb = new Uint8Array(3 * size[0] * size[1]);
  const alpha = new Float32Array(size[0] * size[1]);
  for (let at = 0; at < alpha.length; at++) {
    const [y, x] = [Math.floor(Math.floor(at / size[1]) / scale), Math.floor((at % size[1]) / scale)];
    const light = 0.75 + (0.1 * x) / 80 - (0.12 * y) / 60;
    const dark = 0.55 * Math.exp(-(((x - 50) / 14) ** 2) - ((y - 45) / 4) ** 2);
    const tone = floor === "tiles" ? ((Math.floor(x / 9) * 3 + Math.floor(y / 7) * 5) % 4) / 4 : 0;
    const inside = y >= 10 && y < 46 && x >= 26 && x < 46;
    for (let c = 0; c < 3; c++) {
      const ground = light * FLOOR[c]! * (1 - TILE[c]! * tone) * (1 - dark);
      rgb[3 * at + c] = Math.floor((inside ? BOX[c]! : ground) * 255 + 0.5);
    }
    alpha[at] = inside ? 1 : 0;
  }
  return { size, rgb, alpha };
}

goldenCases("kept_shadow").forEach((one) => {
  if (one.kernel === "kept_shadow") {
    const { floor, scale, is_cut } = one as unknown as { floor: string; scale: number; is_cut: boolean };
    test(`the shadow on a ${floor} floor, ${scale} times as large${is_cut ? ", its foot cut off" : ""}`, () => {
      const { size, rgb, alpha } = drawn(floor, scale);
      const cut: Size = is_cut ? [40 * scale, size[1]] : size;
      const count = cut[0] * cut[1];
      const kept = keptShadow(rgb.subarray(0, 3 * count), alpha.subarray(0, count), cut);
      const picked = kept.filter((_, i) => (i % cut[1]) % scale === 0 && Math.floor(i / cut[1]) % scale === 0);
      expectClose(picked, one.expected as Nested);
    });
  } else {
    test(`on its canvas: ${JSON.stringify(one.options)}`, () => {
      const { size, rgb, alpha } = drawn("plain", 1);
      const photo = { size, rgb, alpha: null, metadata: NO_METADATA };
      const options: Options = { ...DEFAULTS, shadow: "keep", ...(one.options as Partial<Options>) };
      const own = Uint16Array.from(rgb, (value, i) => (alpha[Math.floor(i / 3)]! > 0 ? value * 257 : 0));
      const shadow = keepShadow(photo, { size, alpha }, options);
      const cutout = { size, rgb: own, alpha, shadow, metadata: NO_METADATA };
      const recipe = { kind: "keep", angle_deg: 90, distance_px: 0, softness_px: 0, opacity: 1 } as const;
      const made = compose(cutout, { ...photo, rgb: new Uint16Array(own) }, options, {
        room: (box, kept) => roomOf({ shadow: recipe, reflection: 0, canvas: options }, box, kept),
      });
      expectClose(
        Float32Array.from(made.alpha!, (value) => value / 65535),
        one.expected as Nested,
        2.5e-5,
      );
    });
  }
});

test("where nothing is solid there is no shadow", () => {
  const { size, rgb } = drawn("plain", 1);
  expect(keptShadow(rgb, new Float32Array(60 * 80), size).every((value) => value === 0)).toBe(true);
  expect(keptShadow(rgb, new Float32Array(60 * 80).fill(1), size).every((value) => value === 0)).toBe(true);
  expect([...keptShadow(Uint8Array.of(9, 9, 9), Float32Array.of(1), [1, 1])]).toEqual([0]);
});

test("small systems are solved", () => {
  const matrix = Float64Array.of(0, 2, 1, 1, 1, 1, 3, 0, -1);
  const right = Float64Array.of(7, 6, 0);
  expectClose(solvedLinear(matrix, right), [1, 2, 3], 1e-12);
});

test("a weighted quantile is the one that sorting finds", () => {
  const values = Array.from({ length: 501 }, (_, i) => ((i * 0.618034) % 1) * 8 - ((i * 7) % 3));
  const weights = values.map((_, i) => ((i * 0.37) % 1) + 0.01);
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  for (const share of [0.01, 0.5, 0.65, 1]) {
    let left = share * weights.reduce((sum, weight) => sum + weight, 0) * (1 - 1e-12);
    let at = -1;
    while (left > 0) left -= weights[order[++at]!]!;
    expect(weightedQuantile(values, weights, share)).toBe(values[order[at]!]);
  }
  expect(weightedQuantile([2, 2, 2], [1, 1, 1], 0.5)).toBe(2);
  expect(median(Float32Array.of(3, -1, 2))).toBe(2);
  expect(median(Float32Array.of(4, -1, 2, 3))).toBe(2.5);
});
