import { expect, test, vi } from "vitest";
import { createEditor } from "../../src/editor/document.ts";
import { actStep, History } from "../../src/editor/history.ts";
import { FULL, quantised } from "../../src/editor/matte.ts";
import { packed, unpackInto } from "../../src/editor/packing.ts";
import { Patch } from "../../src/editor/patch.ts";
import { FOUND, halfMatte, isSame, plainPhoto, StubSession, stroke } from "./made.ts";

/** The same numbers every time; 0 to 1. */
function* noise(): Generator<number, never> {
  for (let seed = 1; ; seed = (seed * 48271) % 2147483647) yield seed / 2147483647;
}

test("a patch undoes and redoes noise, runs and what did not change", () => {
  const random = noise();
  const before = Uint16Array.from({ length: 70000 }, (_, i) => (i < 40000 ? 7 : random.next().value * FULL));
  const after = before.map((level, i) => (i % 50000 < 20000 ? FULL : level));
  const words = packed(before.map((level, i) => level ^ after[i]!))!;
  const tile = before.slice();
  unpackInto(words, tile);
  expect(tile).toEqual(after);
  unpackInto(words, tile);
  expect(tile).toEqual(before);
  expect(packed(new Uint16Array(9))).toBeNull();
  expect(words.bytes.length).toBeLessThan(70_000);
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
    expect(editor.historyBytes).toBeLessThan(budget + 300 * 400 * 3);
  }
  const after = editor.matte.levels.slice();
  for (let i = 0; i < 200; i++) void editor.undo();
  await vi.waitFor(() => expect(editor.state).toMatchObject({ is_busy: false, can_undo: false }), 20_000);
  expect(isSame(editor.matte.levels, quantised(found.alpha))).toBe(true);
  for (let i = 0; i < 200; i++) await editor.redo();
  expect(isSame(editor.matte.levels, after)).toBe(true);
}, 60_000);

test("patches beyond the budget are dropped, the oldest first; the steps stay", () => {
  const random = noise();
  const patch = (): Patch =>
    new Patch(new Map([[0, Uint16Array.from({ length: 50 }, () => random.next().value * FULL)]]), null);
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
