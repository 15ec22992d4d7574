import { describe, expect, test, vi } from "vitest";
import { createEditor } from "../../src/editor/document.ts";
import { actStep, History } from "../../src/editor/history.ts";
import { FULL, quantised } from "../../src/editor/matte.ts";
import { packed, unpacked } from "../../src/editor/packing.ts";
import type { PaintableEditor } from "../../src/editor/paintable.ts";
import { Patch } from "../../src/editor/patch.ts";
import { FOUND, halfMatte, isSame, plainPhoto, StubSession, stroke } from "./made.ts";

/** The same numbers every time; 0 to 1. */
function* noise(): Generator<number, never> {
  for (let seed = 1; ; seed = (seed * 48271) % 2147483647) yield seed / 2147483647;
}

/** Ramps of a soft brush, as 16 bits round them, and what such a brush made of others. */
function ramps(side: number, far: number, times: number): Uint16Array {
  const ramp = (x: number, y: number): number => Math.min(1, Math.max(0, (Math.hypot(x, y) - far) / 75));
  return Uint16Array.from({ length: side * side }, (_, i) => {
    let alpha = ramp(i % side, Math.floor(i / side));
    for (let time = 1; time < times; time++) alpha *= 1 - 0.8 * ramp(side - (i % side), Math.floor(i / side) + time);
    return Math.round(alpha * FULL);
  });
}

describe("a difference, packed", () => {
  const random = noise();
  test.each([
    ["noise", 250, Uint16Array.from({ length: 250 * 200 }, () => random.next().value * (FULL + 1))],
    ["a ramp", 256, ramps(256, 100, 1)],
    ["ramps over ramps", 256, ramps(256, 100, 3)],
    ["all from 0 to 1", 256, new Uint16Array(65536).fill(FULL)],
    ["one pixel", 256, Uint16Array.from({ length: 65536 }, (_, i) => Number(i === 65535))],
    ["rows shorter than a block", 7, Uint16Array.from({ length: 7 * 9 }, (_, i) => i * 999)],
    ["both ends, far apart", 256, Uint16Array.from({ length: 1 << 18 }, (_, i) => Number(i < 5 || i > 262100) * 30000)],
  ])("is what it was: %s", (_, across, difference) => {
    expect(isSame(unpacked(packed(difference, across)!, difference.length, across), difference)).toBe(true);
  });

  test("of soft strokes is two or three bits a pixel, of nothing nothing", () => {
    expect(packed(ramps(256, 100, 1), 256)!.length).toBeLessThan((65536 * 2.5) / 8);
    expect(packed(ramps(256, 100, 3), 256)!.length).toBeLessThan((65536 * 3) / 8);
    expect(packed(new Uint16Array(65536).fill(FULL), 256)!.length).toBeLessThan(200);
    expect(packed(new Uint16Array(65536), 256)).toBeNull();
  });
});

test("200 steps are undone to the bit and done again, though their patches keep to a small budget", async () => {
  const photo = plainPhoto([300, 400]);
  const found = { alpha: halfMatte(photo.size), recipe: FOUND };
  const budget = 150_000;
  const editor = createEditor(new StubSession(), photo, found, null, budget);
  const random = noise();
  for (let i = 0; i < 200; i++) {
    const points = Array.from({ length: 3 }, () => [random.next().value * 400, random.next().value * 300, 1] as const);
    await editor.perform(stroke(i % 2 ? "erase" : "restore", points, { diameter_px: 40, opacity: 0.8 }));
    // Beside the patches a quarter for checkpoints, and what the last stroke left to be packed.
    expect(editor.historyBytes).toBeLessThan(budget * 1.25 + 2 * 300 * 400 * 2);
  }
  const after = editor.matte.levels.slice();
  for (let i = 0; i < 200; i++) void editor.undo();
  await vi.waitFor(() => expect(editor.state).toMatchObject({ is_busy: false, can_undo: false }), 20_000);
  expect(isSame(editor.matte.levels, quantised(found.alpha))).toBe(true);
  for (let i = 0; i < 200; i++) await editor.redo();
  expect(isSame(editor.matte.levels, after)).toBe(true);
}, 60_000);

test("a step whose patch was dropped is undone from a checkpoint: few acts are done again, and hardly ever does anybody wait", async () => {
  const photo = plainPhoto([300, 400]);
  const session = new StubSession();
  const editor = createEditor(session, photo, { alpha: halfMatte(photo.size), recipe: FOUND }, null, 400_000);
  const random = noise();
  for (let i = 0; i < 80; i++) {
    const points = Array.from({ length: 3 }, () => [random.next().value * 400, random.next().value * 300, 1] as const);
    await editor.perform(stroke(i % 2 ? "erase" : "restore", points, { is_smart: i % 4 === 0, diameter_px: 40 }));
  }
  await settled(editor);
  const asked = session.asked.length;
  const waited: number[] = [];
  for (let i = 0; i < 80; i++) {
    const undone = editor.undo();
    if (editor.state.is_busy) waited.push(i);
    await undone;
    await settled(editor);
  }
  expect(isSame(editor.matte.levels, quantised(halfMatte(photo.size)))).toBe(true);
  // One act in four is asked of the session: without checkpoints it would be 800 of them.
  expect(session.asked.length - asked).toBeGreaterThan(5);
  expect(session.asked.length - asked).toBeLessThanOrEqual(100);
  expect(waited.length).toBeLessThanOrEqual(8);
});

async function settled(editor: PaintableEditor): Promise<void> {
  for (let i = 0; i < 20 || editor.state.is_busy; i++) await new Promise((done) => setTimeout(done, 1));
}

test("patches beyond the budget are dropped, the furthest first; the steps stay", () => {
  const random = noise();
  const patch = (): Patch =>
    new Patch([5, 10], new Map([[0, Uint16Array.from({ length: 50 }, () => random.next().value * FULL)]]));
  const history = new History([], 0, 250);
  const act = stroke("erase", [[1, 1, 1]]);
  for (let i = 0; i < 5; i++) history.push(actStep(act, patch()));
  expect(history.pack(() => false)).toBe(true);
  expect(history.doneActs.map((step) => step.patch === null)).toEqual([true, true, true, false, false]);
  expect(history.bytes).toBeLessThanOrEqual(250);
  expect(history.position).toBe(5);
});

test("a new step ends what could be done again", () => {
  const history = new History([{ kind: "set", before: {}, after: {} }]);
  history.back();
  expect(history.next).not.toBeNull();
  history.push({ kind: "set", before: {}, after: {}, gesture: null });
  expect(history.next).toBeNull();
  expect(history.position).toBe(1);
});
