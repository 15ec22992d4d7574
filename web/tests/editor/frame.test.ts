import { describe, expect, test } from "vitest";
import { Framing, frameOf, isWhole } from "../../src/editor/frame.ts";
import type { Canvas } from "../../src/editor/recipe.ts";
import { NO_SHADOW } from "../../src/editor/recipe_file.ts";
import { FOUND, openEditor, stroke } from "./made.ts";

const WHOLE: Canvas = { crop: false, margin: "0", size: null, scale: null, position: null };

const BARE = { shadow: NO_SHADOW, reflection: 0 };

/** A photo of 400×300; its left half, 200×300, is the subject. */
const { matte } = openEditor();

describe("the frame of the finished picture, in px of the photo", () => {
  test.each<[string, Partial<Canvas>, readonly [left: number, top: number, right: number, bottom: number]]>([
    ["a crop is the subject's box", { crop: true }, [0, 0, 200, 300]],
    ["a margin lies around it, beyond the photo too", { crop: true, margin: "20px" }, [-20, -20, 220, 320]],
    ["a square around the whole photo", { size: "800x800" }, [0, -50, 400, 350]],
    ["a square around the subject", { crop: true, size: "600x600" }, [-50, 0, 250, 300]],
    ["half as large a subject has twice the frame", { size: "600x600", scale: "50%" }, [-200, -150, 400, 450]],
  ])("%s", (_, change, [left, top, right, bottom]) => {
    const frame = frameOf(matte, { ...BARE, canvas: { ...WHOLE, ...change } })!;
    for (const [side, where] of Object.entries({ left, top, right, bottom }))
      expect(Math.abs(frame[side as keyof typeof frame] - where), side).toBeLessThanOrEqual(1);
  });

  test("leaves room for a reflection", () => {
    const canvas = { ...WHOLE, crop: true };
    expect(frameOf(matte, { ...BARE, reflection: 40, canvas })).toMatchObject({ top: 0, bottom: 450, right: 200 });
  });

  test("is not drawn where the picture is the photo's own, or cannot be made", () => {
    expect(isWhole(WHOLE)).toBe(true);
    expect(isWhole({ ...WHOLE, position: "original" })).toBe(true);
    expect(frameOf(matte, { ...BARE, canvas: { ...WHOLE, size: "60000x60000" } })).toBeNull();
  });

  test("follows what is erased, once it is done", async () => {
    const editor = openEditor();
    editor.set({ canvas: { ...WHOLE, crop: true } });
    const framing = new Framing();
    const now = (isBusy = false) => framing.of(editor.matte, editor.state.recipe, isBusy);
    expect(now()).toMatchObject({ left: 0, right: 200 });
    await editor.perform({ kind: "rectangle", mode: "erase", box: [100, 0, 200, 300] });
    expect(now(true)).toMatchObject({ left: 0, right: 200 });
    expect(now()).toMatchObject({ left: 0, right: 100 });
    await editor.undo();
    expect(now()).toMatchObject({ left: 0, right: 200 });
    await editor.perform(stroke("restore", [[350, 150, 1]]));
    await editor.rebase(new Float32Array(300 * 400).fill(1), FOUND);
    editor.set({ canvas: { ...WHOLE, crop: true, margin: "1px" } });
    expect(now()).toMatchObject({ left: -1, right: 401 });
  });
});
