import { expect, test, vi } from "vitest";
import { frameOf } from "../../src/editor/frame.ts";
import { Screen } from "../../src/editor/screen/screen.ts";
import { openEditor } from "./made.ts";

const KEEP = { kind: "keep", angle_deg: 90, distance_px: 0, softness_px: 0, opacity: 1 } as const;

test("the photo's own shadow is shown behind the subject, and a crop leaves room for it", async () => {
  vi.useFakeTimers();
  const editor = openEditor();
  editor.resize({ width: 400, height: 300, ratio: 1 });
  editor.look({ zoom: 1, centre: [200, 150], backdrop: "white" });
  editor.set({ decontaminate: 0 });
  const trouble = (error: unknown): never => {
    throw error;
  };
  const decode = async () => ({ size: [1, 1] as const, words: Uint32Array.of(0) });
  const screen = new Screen(editor, {
    need: () => undefined,
    soon: () => undefined,
    decode,
    isDark: () => false,
    trouble,
  });
  const drawn = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) {
      screen.frame();
      await vi.advanceTimersByTimeAsync(200);
    }
  };
  const at = (x: number, y: number): number => screen.pixels[4 * (y * 400 + x)]!;
  await drawn();
  expect([editor.keptBox.value, at(300, 250)]).toEqual([undefined, 255]);
  editor.set({ shadow: KEEP, canvas: { crop: true, margin: "0", size: null, scale: null, position: null } });
  await drawn();
  expect(at(300, 50)).toBe(255);
  expect(Math.abs(at(300, 250) - 128)).toBeLessThanOrEqual(3);
  expect(editor.keptBox.value).toEqual([150, 0, 300, 400]);
  expect(frameOf(editor.matte, editor.state.recipe, editor.keptBox.value)).toMatchObject({
    left: 0,
    right: 400,
    bottom: 300,
  });
  editor.set({ shadow: { ...KEEP, opacity: 0.5 } });
  await drawn();
  expect(Math.abs(at(300, 250) - 191)).toBeLessThanOrEqual(3);
  await editor.undo();
  await editor.undo();
  await drawn();
  expect(at(300, 250)).toBe(255);
  screen.close();
  vi.useRealTimers();
});
