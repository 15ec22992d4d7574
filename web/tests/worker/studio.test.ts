import { expect, test, vi } from "vitest";
import { newRecipe } from "../../src/editor/recipe_file.ts";
import { NO_METADATA, type Size } from "../../src/pictures.ts";
import type { Photo } from "../../src/session.ts";
import { encode } from "../../src/steps/encode.ts";
import { studio } from "../../src/worker/studio.ts";

const SIZE: Size = [120, 120];
vi.stubGlobal("navigator", { userAgent: "test" });

const CONTEXT = { tell: () => {}, signal: new AbortController().signal } as never;

/** A disc of noise before green. */
async function disc(): Promise<Blob> {
  const rgb = new Uint8Array(3 * SIZE[0] * SIZE[1]);
  for (let i = 0; i < rgb.length; i++) {
    const [y, x] = [Math.floor(i / 3 / SIZE[1]), Math.floor(i / 3) % SIZE[1]];
    const inside = Math.hypot(y - 60, x - 60) < 32;
    rgb[i] = (inside ? [190, 90, 80] : [30, 170, 50])[i % 3]! + (inside ? (x * 7 + y * 3) % 20 : 0);
  }
  return new Blob([await encode({ size: SIZE, rgb, alpha: null, metadata: NO_METADATA }, "png")]);
}

test("what is said of a keyed photo is said of the key, not of what networks answered", async () => {
  const calls = studio(() => {
    throw new Error("no network is asked");
  });
  await calls.adopt({ id: 1, file: await disc(), name: "disc.png" }, CONTEXT);
  const photo = { name: "disc.png", sha256: "", size: SIZE } as unknown as Photo;
  const nothing = { predictions: [], presence: 0.4, specks: 0.05, edges: "photo" } as const;
  const recipe = { ...newRecipe(photo, nothing), method: "chroma" as const };
  const { value: report } = await calls.judged({ id: 1, recipe }, CONTEXT);
  expect(report.verdict).toBe("fine");
  expect(report.confidence).toBeGreaterThan(0.8);
  expect(report.findings.map(({ kind }) => kind)).toEqual(["low-resolution"]);
  await expect(calls.judged({ id: 1, recipe: { ...recipe, screen: "#808080" } }, CONTEXT)).rejects.toMatchObject({
    code: "option",
  });
}, 60_000);
