import { expect, test } from "vitest";
import { reflection } from "../../src/kernels/reflection.ts";
import { gathered } from "../../src/kernels/resample.ts";
import { rowsOf } from "../../src/kernels/rows.ts";
import { DEFAULTS, type Options } from "../../src/options.ts";
import { NO_METADATA, type Size } from "../../src/pictures.ts";
import { compose } from "../../src/steps/compose.ts";
import { roomOf } from "../../src/steps/shade.ts";
import { expectClose, goldenCases, type Nested } from "../golden.ts";

const SIZE: Size = [30, 26];
const COUNT = SIZE[0] * SIZE[1];
const NO_SHADOW = { kind: "none", angle_deg: 90, distance_px: 0, softness_px: 0, opacity: 0 } as const;

/** What `scripts/golden_reflection.py` draws. */
function drawn(): { rgb: Uint16Array; alpha: Float32Array } {
  const rgb = new Uint16Array(3 * COUNT);
  const alpha = new Float32Array(COUNT);
  for (let i = 0; i < COUNT; i++) {
    const [y, x] = [Math.floor(i / SIZE[1]), i % SIZE[1]];
    const isTop = y >= 5 && y < 10;
    const legs = [[4, 19], [11, 14], [18, 18]] as const; // biome-ignore format: rows
    const inside =
      (isTop && x >= 3 && x < 22) || legs.some(([left, foot]) => y >= 10 && y < foot && x >= left && x < left + 3);
    alpha[i] = inside ? 1 : isTop && x === 22 ? 9 / 15 : 0;
    if (alpha[i] === 0) continue;
    [(x * 3 + y) % 16, (x + y * 5) % 16, (x * 7 + y * 2) % 16].forEach((value, c) => {
      rgb[3 * i + c] = value * 4369; // 65535 / 15
    });
  }
  return { rgb, alpha };
}

goldenCases("reflection").forEach((one) => {
  const { rgb, alpha } = drawn();
  if (one.kernel === "reflection") {
    test(`mirrored, ${one.opacity} of it`, () => {
      const pixels = Float32Array.from({ length: 4 * COUNT }, (_, i) =>
        i % 4 < 3 ? rgb[3 * Math.floor(i / 4) + (i % 4)]! / 65535 : alpha[Math.floor(i / 4)]!,
      );
      const made = gathered(reflection(rowsOf(pixels, SIZE, 4), one.opacity as number)!);
      const [colours, shown] = one.expected as [Nested, Nested];
      expectClose(
        made.filter((_, i) => i % 4 < 3),
        colours,
      );
      expectClose(
        made.filter((_, i) => i % 4 === 3),
        shown,
      );
    });
  } else {
    test(`on its canvas: ${JSON.stringify(one.options)}`, () => {
      const options: Options = { ...DEFAULTS, ...(one.options as Partial<Options>) };
      const { reflection } = options;
      const made = compose(
        { size: SIZE, rgb, alpha, shadow: null, metadata: NO_METADATA },
        { size: SIZE, rgb, alpha: null, metadata: NO_METADATA },
        options,
        { room: (box) => roomOf({ shadow: NO_SHADOW, reflection, canvas: options }, box) },
      );
      const expected = one.expected as { rgb: Nested; alpha: Nested | null };
      const shares = (numbers: ArrayLike<number>): Float32Array => Float32Array.from(numbers, (value) => value / 65535);
      expectClose(shares(made.rgb), expected.rgb, 2.5e-5);
      if (expected.alpha === null) expect(made.alpha).toBeNull();
      else expectClose(shares(made.alpha!), expected.alpha, 2.5e-5);
    });
  }
});

test("where nothing is, nothing is mirrored", () => {
  expect(reflection(rowsOf(new Float32Array(4 * COUNT), SIZE, 4), 1)).toBeNull();
  const all = gathered(reflection(rowsOf(new Float32Array(4 * COUNT).fill(1), SIZE, 4), 1)!);
  expect(all.every((value) => value === 0)).toBe(true);
});
