import { expect, test } from "vitest";
import { evidenceOf } from "../../src/diagnose/evidence.ts";
import { count } from "../../src/diagnose/sign.ts";
import { look } from "../../src/diagnose/transparent.ts";
import { behind, filled } from "../../src/kernels/behind.ts";
import { leastAlpha, ownColours, reduced } from "../../src/kernels/glass.ts";
import { signsOf } from "../../src/kernels/transparent.ts";
import type { Options } from "../../src/options.ts";
import { NO_METADATA, type Size } from "../../src/pictures.ts";
import { seeThrough } from "../../src/steps/see_through.ts";
import { expectClose, goldenCases, type Nested } from "../golden.ts";

const SIZE: Size = [60, 80];
const ROW = 30;

/** What `scripts/golden_glass.py` draws: photo (8 bits) and outline, so many times as large. */
function drawn(thing: string, scale: number): { size: Size; rgb: Uint8Array; alpha: Float32Array } {
  const size: Size = [SIZE[0] * scale, SIZE[1] * scale];
  const rgb = new Uint8Array(3 * size[0] * size[1]);
  const alpha = new Float32Array(size[0] * size[1]);
  for (let at = 0; at < alpha.length; at++) {
    const [y, x] = [Math.floor(Math.floor(at / size[1]) / scale), Math.floor((at % size[1]) / scale)];
    const wall = [0.85 - (0.45 * y) / 64, 0.8 - (0.4 * y) / 64 + (0.1 * x) / 64, 0.7 - (0.3 * y) / 64 + (0.2 * x) / 64];
    const inside = y >= 10 && y < 50 && x >= 26 && x < 54;
    let share = inside ? 0.15 : 0;
    let colour = [0.35, 0.6, 0.55];
    if (thing === "stone") {
      share = inside ? 1 : 0;
      colour = new Array(3).fill(0.3 + 0.4 * (((x * x * 3 + y * 17 + x * y) % 41) / 41));
    } else {
      const bright = inside && (x === 32 || x === 46) && y >= 18 && y < 42;
      const rim = inside && (y < 12 || y >= 48);
      if (bright) [share, colour] = [0.9, [1, 1, 1]];
      else if (rim) [share, colour] = [0.8, [0.05, 0.05, 0.05]];
    }
    for (let c = 0; c < 3; c++) rgb[3 * at + c] = Math.floor((share * colour[c]! + (1 - share) * wall[c]!) * 255 + 0.5);
    alpha[at] = inside ? 1 : 0;
  }
  return { size, rgb, alpha };
}

goldenCases("glass").forEach((one, i) => {
  if (one.kernel === "filled") {
    test("holes are filled", () => {
      const size: Size = [9, 14];
      const planes = Float32Array.from({ length: 2 * 126 }, (_, at) => {
        const [y, x] = [Math.floor((at % 126) / 14), at % 14];
        return at < 126 ? ((x * 3 + y * 5) % 7) / 8 : ((x + y * 2) % 5) / 8;
      });
      const known = Uint8Array.from({ length: 126 }, (_, at) => {
        const [y, x] = [Math.floor(at / 14), at % 14];
        return Math.hypot(x - 7, y - 4) > 3.2 && x > 1 ? 1 : 0;
      });
      expectClose(filled(planes, known, size), one.expected as Nested);
    });
  } else if (one.kernel === "signs") {
    test("signs of a tumbler", () => {
      const { size, rgb, alpha } = drawn("tumbler", 1);
      const small = reduced(rgb, size);
      const outside = alpha.map((value) => 1 - value);
      const bare = Uint8Array.from(outside);
      const back = behind(small, bare, size)!;
      const found = signsOf(small, Uint8Array.from(alpha), bare, leastAlpha(small, back.colour, 0.03), size, back)!;
      for (const [name, value] of Object.entries(one.expected as Record<string, number>))
        expect(Math.abs(found[name as keyof typeof found] - value), name).toBeLessThan(2e-4);
    });
  } else if (one.kernel === "finding") {
    test("a tumbler is found to be transparent", () => {
      const { size, rgb, alpha } = drawn("tumbler", 3);
      const photo = { size, rgb, alpha: null, metadata: NO_METADATA };
      const [strength, marks] = look(evidenceOf(photo, [], { size, alpha }));
      expectClose([strength, count(marks!)], one.expected as Nested);
      expect(strength).toBeGreaterThan(0.5);
    });
  } else {
    test(`glass ${i}: ${one.thing} ${one.transparency} ${one.scale}`, () => {
      const scale = one.scale as number;
      const { size, rgb, alpha } = drawn(one.thing as string, scale);
      const image = { size, rgb, alpha: null, metadata: NO_METADATA };
      const { transparency } = one as unknown as Pick<Options, "transparency">;
      const matte = seeThrough(image, { size, alpha }, { transparency });
      if (!one.expected) return expect(matte.alpha).toBe(alpha);
      const expected = one.expected as { alpha: Nested; colours: Nested };
      const shown = matte.alpha.filter(
        (_, at) => Math.floor(at / size[1]) % scale === 0 && (at % size[1]) % scale === 0,
      );
      expectClose(shown, expected.alpha, 1e-4);
      const colours = new Float32Array(rgb.length);
      ownColours(rgb, matte.alpha, { whole: size, top: 0, left: 0, size }, matte.through!, colours, 1);
      const row = 3 * size[1] * ROW * scale;
      expectClose(colours.subarray(row, row + 3 * size[1]), expected.colours, 5e-4);
    });
  }
});
