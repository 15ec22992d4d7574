import { describe, expect, test } from "vitest";
import { ACTIONS, actionNamed } from "../../src/editor/actions/index.ts";
import { handleKey, type Key, shortcutOf } from "../../src/editor/keymap.ts";
import { openEditor, stroke } from "./made.ts";

function key(sign: string, change: Partial<Key> = {}): Key {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, repeat: false };
  return { type: "keydown", key: sign, code: "", ...none, ...change };
}

test("actions come in the order of their use: first the brushes, what is done rarely last, and none is forgotten", () => {
  const names = ACTIONS.map((action) => action.name);
  expect(names.slice(0, 4)).toEqual(["restore", "erase", "smart-restore", "smart-erase"]);
  expect(names.indexOf("undo")).toBeLessThan(names.indexOf("zoom-in"));
  expect(names.at(-1)).toBe("pan-down");
  const tools = ACTIONS.filter((action) => action.group === "tool" && action.isPressed).map((action) => action.name);
  expect(tools.slice(0, 7)).toEqual([...names.slice(0, 4), "lasso", "rectangle", "hand"]);
});

test("no shortcut does two things, no name is given twice", () => {
  const shortcuts = ACTIONS.flatMap((action) => action.shortcuts);
  expect(shortcuts.length).toBeGreaterThan(30);
  expect(new Set(shortcuts).size).toBe(shortcuts.length);
  expect(new Set(ACTIONS.map((action) => action.name)).size).toBe(ACTIONS.length);
});

test("every action is reached by a key and has words", () => {
  for (const action of ACTIONS) {
    expect(action.shortcuts.length, action.name).toBeGreaterThan(0);
    expect(action.label, action.name).not.toBe("");
  }
});

test.each([
  [key("{", { code: "BracketLeft", shiftKey: true }), "Shift+["],
  [key("]", { code: "BracketRight" }), "]"],
  [key("z", { ctrlKey: true }), "Mod+Z"],
  [key("Z", { metaKey: true, shiftKey: true }), "Mod+Shift+Z"],
  [key("+", { shiftKey: true }), "+"],
  [key("ArrowLeft"), "ArrowLeft"],
])("keys are named as shortcuts are", (event, shortcut) => {
  expect(shortcutOf(event)).toBe(shortcut);
});

test("keys undo and redo", async () => {
  const editor = openEditor();
  await editor.perform(stroke("erase", [[50, 50, 1]]));
  expect(handleKey(key("z", { ctrlKey: true }), editor)).toBe(true);
  expect(editor.state).toMatchObject({ can_undo: false, can_redo: true });
  handleKey(key("y", { ctrlKey: true }), editor);
  expect(editor.state).toMatchObject({ can_undo: true, can_redo: false });
});

test("Escape abandons a stroke", () => {
  const editor = openEditor();
  editor.begin(stroke("erase", [[50, 50, 1]]));
  handleKey(key("Escape"), editor);
  expect(editor.current).toBeNull();
  expect(editor.alpha()[50 * 400 + 50]).toBe(1);
});

test("comparing lasts as long as its key is held", () => {
  const editor = openEditor();
  handleKey(key("\\", { code: "Backslash" }), editor);
  handleKey(key("\\", { code: "Backslash", repeat: true }), editor);
  expect(editor.state.looking.view).toBe("original");
  handleKey(key("\\", { code: "Backslash", type: "keyup" }), editor);
  expect(editor.state.looking.view).toBe("cutout");
});

test("keys that are typed into a field are the field's", () => {
  const editor = openEditor();
  const target = { tagName: "INPUT" } as unknown as EventTarget;
  expect(handleKey(key("e", { target }), editor)).toBe(false);
  expect(editor.state.tool).toBe("restore");
});

describe("actions", () => {
  test.each(ACTIONS.filter((action) => action.isPressed).map((action) => [action.name, action] as const))(
    "%s is pressed once it is performed",
    async (_, action) => {
      const editor = openEditor();
      editor.resize({ width: 800, height: 600, ratio: 1 });
      await action.perform(editor);
      expect(action.isPressed!(editor.state)).toBe(true);
      expect(editor.state.can_undo).toBe(false);
    },
  );

  test("the brush grows, shrinks, hardens and softens within its bounds", async () => {
    const editor = openEditor();
    editor.brushWith({ diameter_px: 10, hardness: 0.5 });
    await actionNamed("brush-larger").perform(editor);
    expect(editor.state.brush.diameter_px).toBe(11);
    for (let i = 0; i < 30; i++) await actionNamed("brush-smaller").perform(editor);
    expect(editor.state.brush.diameter_px).toBe(1);
    for (let i = 0; i < 7; i++) await actionNamed("brush-harder").perform(editor);
    expect(editor.state.brush.hardness).toBe(1);
    await actionNamed("brush-softer").perform(editor);
    expect(editor.state.brush.hardness).toBe(0.9);
  });

  test("zooming, fitting and looking aside move what is seen", async () => {
    const editor = openEditor();
    editor.resize({ width: 200, height: 150, ratio: 1 });
    await actionNamed("actual-size").perform(editor);
    expect(editor.state.looking.zoom).toBe(1);
    await actionNamed("zoom-in").perform(editor);
    expect(editor.state.looking.zoom).toBeCloseTo(Math.SQRT2);
    await actionNamed("pan-left").perform(editor);
    expect(editor.state.looking.centre[0]).toBeLessThan(200);
    await actionNamed("fit").perform(editor);
    expect(editor.state.looking.centre).toEqual([200, 150]);
  });
});
