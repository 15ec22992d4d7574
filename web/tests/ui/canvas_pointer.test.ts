import { beforeEach, describe, expect, test } from "vitest";
import type { PaintableEditor } from "../../src/editor/paintable.ts";
import { KeyboardCursor } from "../../src/ui/canvas_keys.ts";
import { Pointing } from "../../src/ui/canvas_pointer.ts";
import { alphaAt, openEditor } from "../editor/made.ts";

/** A photo of 400×300 at 100 %, its corner in the canvas's corner. */
let editor: PaintableEditor;
let pointing: Pointing;

beforeEach(() => {
  editor = openEditor();
  editor.resize({ width: 400, height: 300, ratio: 1 });
  editor.look({ zoom: 1, centre: [200, 150] });
  editor.brushWith({ diameter_px: 20, hardness: 1 });
  editor.choose("erase");
  const element = { getBoundingClientRect: () => ({ left: 0, top: 0 }) } as HTMLElement;
  pointing = new Pointing(editor, element, () => undefined);
});

function at(x: number, y: number, change: Partial<PointerEvent> = {}): PointerEvent {
  const none = { button: 0, buttons: 1, shiftKey: false, altKey: false, pressure: 0.5, timeStamp: 1000 };
  return { pointerId: 1, pointerType: "mouse", clientX: x, clientY: y, ...none, ...change } as PointerEvent;
}

function finger(id: number, x: number, y: number, timeStamp = 1000): PointerEvent {
  return at(x, y, { pointerId: id, pointerType: "touch", timeStamp });
}

test("a mouse paints from where it is pressed to where it is let go", () => {
  pointing.down(at(50, 100));
  pointing.move(at(120, 100));
  pointing.up(at(120, 100));
  expect([alphaAt(editor, 85, 100), alphaAt(editor, 85, 120)]).toEqual([0, 1]);
  expect(editor.state).toMatchObject({ can_undo: true, undo_label: "erase stroke" });
});

test("all places between two frames are painted", () => {
  const between = [at(80, 60), at(120, 100)];
  pointing.down(at(50, 100));
  pointing.move(at(120, 100, { getCoalescedEvents: () => between }));
  pointing.up(at(120, 100));
  expect(alphaAt(editor, 80, 60)).toBe(0);
});

test("Shift draws a straight line from the last point", () => {
  pointing.down(at(30, 30));
  pointing.up(at(30, 30));
  pointing.down(at(150, 30, { shiftKey: true }));
  pointing.up(at(150, 30));
  expect(alphaAt(editor, 90, 30)).toBe(0);
  expect(editor.state.recipe.acts).toHaveLength(2);
});

test("Alt does the opposite, a pen's other end too, and its pressure counts", () => {
  pointing.down(at(300, 100, { altKey: true, pointerType: "pen", pressure: 0.25 }));
  pointing.up(at(300, 100, { pointerType: "pen" }));
  expect(editor.state.recipe.acts).toMatchObject([{ mode: "restore", points: [[300, 100, 0.25]] }]);
});

test("two fingers never paint: what the first began is taken back, and they zoom", () => {
  pointing.down(finger(1, 100, 150));
  pointing.move(finger(1, 105, 150));
  pointing.down(finger(2, 200, 150));
  expect(alphaAt(editor, 102, 150)).toBe(1);
  pointing.move(finger(2, 300, 150));
  pointing.up(finger(2, 300, 150));
  pointing.move(finger(1, 100, 200));
  pointing.up(finger(1, 100, 200));
  expect(editor.state.looking.zoom).toBeCloseTo(195 / 95, 3);
  expect(editor.state.can_undo).toBe(false);
});

test("after two fingers, one paints again", () => {
  pointing.down(finger(1, 100, 150));
  pointing.down(finger(2, 200, 150));
  pointing.up(finger(1, 100, 150));
  pointing.up(finger(2, 200, 150));
  pointing.down(finger(3, 60, 60));
  pointing.up(finger(3, 60, 60));
  expect(editor.state.recipe.acts).toHaveLength(1);
});

test("beside a pen a finger is the palm", () => {
  pointing.move(at(50, 50, { pointerType: "pen", timeStamp: 900 }));
  pointing.down(finger(2, 100, 150));
  pointing.up(finger(2, 100, 150));
  expect(editor.state.can_undo).toBe(false);
});

test("the middle button, Space and the hand move the photo", () => {
  pointing.down(at(100, 100, { button: 1, buttons: 4 }));
  pointing.move(at(110, 100));
  pointing.up(at(110, 100));
  pointing.isSpaceHeld = true;
  pointing.down(at(100, 100));
  pointing.move(at(100, 120));
  pointing.up(at(100, 120));
  expect(editor.state.looking.centre).toEqual([190, 130]);
  expect(editor.state.can_undo).toBe(false);
});

test("a stroke that Escape abandoned stays abandoned until the button is let go", () => {
  pointing.down(at(50, 100));
  editor.bail();
  pointing.move(at(120, 100));
  pointing.up(at(120, 100));
  expect(editor.alpha()[100 * 400 + 85]).toBe(1);
  expect(editor.state.can_undo).toBe(false);
});

test("the system taking the pointer away abandons the stroke", () => {
  pointing.down(at(50, 100));
  pointing.cancel(at(50, 100));
  expect(editor.state.can_undo).toBe(false);
  expect(alphaAt(editor, 50, 100)).toBe(1);
});

test("the wheel zooms where the cursor is", () => {
  const wheel = { deltaX: 0, deltaY: -100, deltaMode: 0, clientX: 0, clientY: 0, preventDefault: () => undefined };
  pointing.wheel(wheel as WheelEvent);
  const { zoom, centre } = editor.state.looking;
  expect(zoom).toBeCloseTo(Math.exp(0.15));
  expect(centre[0]).toBeCloseTo(200 / zoom, 6);
});

test("a lasso and a rectangle are drawn by dragging", () => {
  editor.choose("lasso");
  pointing.down(at(20, 20));
  for (const [x, y] of [
    [80, 20],
    [80, 80],
    [20, 80],
  ] as const)
    pointing.move(at(x, y));
  pointing.up(at(20, 80));
  editor.choose("rectangle");
  pointing.down(at(100, 20));
  pointing.move(at(140, 60));
  pointing.up(at(140, 60));
  expect([alphaAt(editor, 50, 50), alphaAt(editor, 120, 40), alphaAt(editor, 90, 40)]).toEqual([0, 0, 1]);
});

describe("by keys alone", () => {
  const key = (name: string, shiftKey = false) => ({
    key: name,
    shiftKey,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
  });
  let cursor: KeyboardCursor;

  beforeEach(() => {
    cursor = new KeyboardCursor(editor, () => undefined);
  });

  test("Enter shows a cursor, arrows move it, Enter dabs, Shift+Enter draws a line, Escape puts it away", () => {
    expect(cursor.handle(key("ArrowLeft"))).toBe(false);
    cursor.handle(key("Enter"));
    expect(editor.state.can_undo).toBe(false);
    for (let i = 0; i < 5; i++) cursor.handle(key("ArrowLeft"));
    cursor.handle(key("Enter"));
    expect(alphaAt(editor, 120, 150)).toBe(0);
    for (let i = 0; i < 5; i++) cursor.handle(key("ArrowUp"));
    cursor.handle(key("ArrowUp", true));
    expect(cursor.at).toEqual([120, 69]);
    cursor.handle(key("Enter", true));
    expect(alphaAt(editor, 120, 110)).toBe(0);
    expect(editor.state.recipe.acts).toHaveLength(2);
    expect(cursor.handle(key("Escape"))).toBe(true);
    expect(cursor.at).toBeNull();
    expect(cursor.handle(key("Escape"))).toBe(false);
  });

  test("a rectangle by two corners, a lasso closed by Shift+Enter", () => {
    editor.choose("rectangle");
    cursor.at = [20, 20];
    cursor.handle(key("Enter"));
    cursor.handle(key("ArrowRight"));
    cursor.handle(key("ArrowDown"));
    cursor.handle(key("Enter"));
    expect([alphaAt(editor, 30, 30), alphaAt(editor, 40, 30)]).toEqual([0, 1]);
    editor.choose("lasso");
    for (const corner of [
      [100, 100],
      [160, 100],
      [160, 160],
    ] as const) {
      cursor.at = corner;
      cursor.handle(key("Enter", corner[1] === 160));
    }
    expect([alphaAt(editor, 150, 120), alphaAt(editor, 110, 150)]).toEqual([0, 1]);
    expect(editor.state.recipe.acts).toHaveLength(2);
  });
});
