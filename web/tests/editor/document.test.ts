import { describe, expect, test, vi } from "vitest";
import type { Act } from "../../src/editor/recipe.ts";
import { savedFrom } from "../../src/editor/saved.ts";
import { alphaAt, FOUND, halfMatte, isSame, openEditor, StubSession, stroke } from "./made.ts";

const ERASE = stroke("erase", [
  [40, 100, 1],
  [120, 140, 1],
]);
const SMART = stroke("restore", [[300, 150, 1]], { is_smart: true });
const LASSO: Act = {
  kind: "lasso",
  mode: "erase",
  points: [
    [10, 10],
    [110, 10],
    [110, 90],
  ],
};
const RECTANGLE: Act = { kind: "rectangle", mode: "restore", box: [250.5, 20, 390, 280] };

describe.each([
  ["erase stroke", ERASE],
  ["restore stroke", stroke("restore", [[300, 200, 0.5]], { hardness: 0, opacity: 0.6 })],
  ["smart restore stroke", SMART],
  ["erase lasso", LASSO],
  ["restore rectangle", RECTANGLE],
])("%s", (label, act) => {
  test("is one step, which undo takes back to the bit and redo brings again", async () => {
    const editor = openEditor();
    const before = editor.alpha();
    await editor.perform(act);
    const after = editor.alpha();
    expect(isSame(after, before)).toBe(false);
    expect(editor.state).toMatchObject({ can_undo: true, can_redo: false, undo_label: label });
    expect(editor.state.recipe.acts).toEqual([act]);
    await editor.undo();
    expect(isSame(editor.alpha(), before)).toBe(true);
    expect(editor.state).toMatchObject({ can_undo: false, can_redo: true, redo_label: label });
    await editor.redo();
    expect(isSame(editor.alpha(), after)).toBe(true);
  });

  test("leaves nothing when it is abandoned", () => {
    const editor = openEditor();
    const before = editor.alpha();
    editor.begin(act);
    editor.bail();
    expect(isSame(editor.alpha(), before)).toBe(true);
    expect(editor.state.can_undo).toBe(false);
  });

  test("replays on a reload to the same matte", async () => {
    const editor = openEditor();
    await editor.perform(ERASE);
    await editor.perform(act);
    const again = openEditor([300, 400], new StubSession(), JSON.parse(JSON.stringify(editor.saved())));
    await vi.waitFor(() => expect(again.state.is_busy).toBe(false), 60_000);
    expect(isSame(again.alpha(), editor.alpha())).toBe(true);
    await again.undo();
    await again.undo();
    expect(isSame(again.alpha(), halfMatte([300, 400]))).toBe(true);
  });
});

test("a stroke that is drawn piece by piece is the stroke at once", async () => {
  const points = Array.from({ length: 40 }, (_, i) => [30 + i * 7, 150 + 60 * Math.sin(i), 0.3 + (i % 5) / 8] as const);
  const whole = openEditor();
  await whole.perform(stroke("erase", points, { opacity: 0.5 }));
  const pieces = openEditor();
  pieces.begin(stroke("erase", points.slice(0, 1), { opacity: 0.5 }));
  for (const point of points.slice(1)) pieces.extend(stroke("erase", [point]));
  await pieces.commit();
  expect(pieces.state.recipe.acts).toEqual(whole.state.recipe.acts);
  expect(isSame(pieces.alpha(), whole.alpha())).toBe(true);
});

test("looking about never clears redo", async () => {
  const editor = openEditor();
  await editor.perform(ERASE);
  await editor.undo();
  editor.look({ zoom: 3, view: "matte" });
  editor.choose("hand");
  editor.brushWith({ diameter_px: 9 });
  expect(editor.state.can_redo).toBe(true);
  await editor.perform(LASSO);
  expect(editor.state.can_redo).toBe(false);
});

test("a slider that is dragged is one step", async () => {
  const editor = openEditor();
  editor.set({ edge_shift: 1 }, "drag");
  editor.set({ edge_shift: 2, edge_softness: 1 }, "drag");
  editor.set({ edge_contrast: 10 });
  await editor.undo();
  expect(editor.state.recipe).toMatchObject({ edge_shift: 2, edge_softness: 1, edge_contrast: 0 });
  await editor.undo();
  expect(editor.state.recipe).toMatchObject({ edge_shift: 0, edge_softness: 0 });
  expect(editor.state.can_undo).toBe(false);
  await editor.redo();
  expect(editor.state.recipe).toMatchObject({ edge_shift: 2, edge_softness: 1 });
});

test("setting what is set already is no step", () => {
  const editor = openEditor();
  editor.set({ edge_shift: 0 });
  expect(editor.state.can_undo).toBe(false);
});

describe("a smart stroke", () => {
  test("shows its rough form until the answer comes, and keeps what is drawn meanwhile", async () => {
    const session = new StubSession();
    let answer = (): void => undefined;
    session.answer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const editor = openEditor([300, 400], session);
    const committed = editor.perform(SMART);
    expect(alphaAt(editor, 300, 150)).toBe(1);
    expect(editor.state.is_busy).toBe(true);
    await editor.perform(stroke("erase", [[300, 150, 1]], { diameter_px: 4, hardness: 1 }));
    editor.begin(stroke("restore", [[303, 150, 1]], { diameter_px: 4, hardness: 1 }));
    answer();
    await committed;
    expect(alphaAt(editor, 300, 150)).toBe(0);
    expect(alphaAt(editor, 303, 150)).toBe(1);
    expect(alphaAt(editor, 296, 150)).toBeCloseTo(0.25, 4);
    editor.bail();
    await editor.undo();
    await editor.undo();
    expect(isSame(editor.alpha(), halfMatte([300, 400]))).toBe(true);
  });

  test("is taken back when it fails, and says so", async () => {
    const session = new StubSession();
    session.answer = Promise.reject(new Error("no memory"));
    const editor = openEditor([300, 400], session);
    await expect(editor.perform(SMART)).rejects.toThrow("no memory");
    expect(isSame(editor.alpha(), halfMatte([300, 400]))).toBe(true);
    expect(editor.state).toMatchObject({ can_undo: false, is_busy: false });
  });

  test("can be undone before it is answered", async () => {
    const session = new StubSession();
    let answer = (): void => undefined;
    session.answer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const editor = openEditor([300, 400], session);
    const committed = editor.perform(SMART);
    await editor.undo();
    answer();
    await committed;
    await vi.waitFor(() => expect(editor.state).toMatchObject({ is_busy: false, can_redo: true }), 60_000);
    expect(isSame(editor.alpha(), halfMatte([300, 400]))).toBe(true);
  });
});

test("a better matte keeps what was done, and what is being drawn", async () => {
  const editor = openEditor();
  await editor.perform(ERASE);
  editor.begin(stroke("erase", [[350, 50, 1]]));
  const rebased = editor.rebase(new Float32Array(300 * 400).fill(1), FOUND);
  editor.extend(stroke("erase", [[360, 50, 1]]));
  await rebased;
  expect(alphaAt(editor, 390, 290)).toBe(1);
  expect(alphaAt(editor, 80, 120)).toBe(0);
  expect(alphaAt(editor, 355, 50)).toBe(0);
  await editor.commit();
  await editor.undo();
  await editor.undo();
  expect(editor.alpha().every((alpha) => alpha === 1)).toBe(true);
});

test("nothing is restored beyond the photo's own alpha", async () => {
  const editor = openEditor([40, 60]);
  Object.assign(editor.photo, { alpha: new Uint8Array(40 * 60).fill(128) });
  await editor.perform({ kind: "rectangle", mode: "restore", box: [30, 0, 60, 40] });
  expect(alphaAt(editor, 50, 20)).toBeCloseTo(128 / 255, 4);
});

test("an act beside the photo is no step", async () => {
  const editor = openEditor();
  await editor.perform(stroke("erase", [[-500, -500, 1]]));
  expect(editor.state.can_undo).toBe(false);
});

test("an opened recipe can be undone act by act", async () => {
  const editor = openEditor();
  await editor.perform(ERASE);
  await editor.perform(LASSO);
  const opened = openEditor([300, 400], new StubSession(), savedFrom(editor.state.recipe));
  await opened.undo();
  expect(opened.state.recipe.acts).toEqual([ERASE]);
  await opened.undo();
  expect(isSame(opened.alpha(), halfMatte([300, 400]))).toBe(true);
});
