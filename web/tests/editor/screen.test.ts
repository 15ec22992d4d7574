import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Looking, Settable } from "../../src/editor/editor.ts";
import type { PaintableEditor } from "../../src/editor/paintable.ts";
import { Screen } from "../../src/editor/screen/screen.ts";
import type { Box } from "../../src/pictures.ts";
import { openEditor, stroke } from "./made.ts";

/** A blue photo of 400×300, its left half the subject, at 100 % in a viewport of 500×400. */
const VIEWPORT = { width: 500, height: 400, ratio: 1 };
const CORNER = [50, 50] as const;

let editor: PaintableEditor;
let screen: Screen;

beforeEach(() => {
  vi.useFakeTimers();
  editor = openEditor();
  screen = screenOf(editor);
});

afterEach(() => {
  screen.close();
  vi.useRealTimers();
});

function screenOf(of: PaintableEditor): Screen {
  const decode = async () => ({ size: [1, 1] as const, words: Uint32Array.of(0xff00ff00) });
  of.resize(VIEWPORT);
  of.look({ zoom: 1, centre: [200, 150] });
  of.set({ decontaminate: 0 });
  const trouble = (error: unknown): never => {
    throw error;
  };
  return new Screen(of, { need: () => undefined, soon: () => undefined, decode, isDark: () => false, trouble });
}

/** Draws until nothing is left to do: what was drawn last. */
async function drawn(): Promise<Box | null> {
  let last: Box | null = null;
  await vi.advanceTimersByTimeAsync(200);
  for (let i = 0; i < 20; i++) {
    const box = screen.frame();
    last = box ?? last;
    await vi.advanceTimersByTimeAsync(1);
  }
  return last;
}

/** [red, green, blue, alpha] of what shows the photo's pixel (x, y). */
function at(x: number, y: number): number[] {
  const i = ((CORNER[1] + y) * VIEWPORT.width + CORNER[0] + x) * 4;
  return [...screen.pixels.subarray(i, i + 4)];
}

describe.each([
  ["white", { backdrop: "white" }, {}, [255, 255, 255]],
  ["black", { backdrop: "black" }, {}, [0, 0, 0]],
  ["green", { backdrop: { colour: "#00ff00" } }, {}, [0, 255, 0]],
  ["the recipe's colour", {}, { background: { kind: "colour", colour: "#0c0" } }, [0, 204, 0]],
] as [string, Partial<Looking>, Partial<Settable>, number[]][])("on %s", (_, looking, setting, colour) => {
  test("the subject is the photo, the rest is the colour, half is half", async () => {
    editor.look(looking);
    editor.set(setting);
    await editor.perform(stroke("restore", [[300, 150, 1]], { diameter_px: 60, hardness: 1, opacity: 0.5 }));
    await drawn();
    expect(at(20, 100)).toEqual([0, 0, 255, 255]);
    expect(at(390, 10)).toEqual([...colour, 255]);
    const half = [colour[0]! / 2, colour[1]! / 2, (colour[2]! + 255) / 2];
    for (const [i, value] of half.entries()) expect(Math.abs(at(300, 150)[i]! - value)).toBeLessThanOrEqual(2);
  });
});

test("around the photo nothing is drawn", async () => {
  await drawn();
  expect(at(-1, 100)).toEqual([0, 0, 0, 0]);
  expect(at(400, 100)).toEqual([0, 0, 0, 0]);
});

test("views show the matte, the photo, and what is left out tinted", async () => {
  editor.look({ view: "matte" });
  await drawn();
  expect([at(20, 20), at(380, 20)]).toEqual([
    [255, 255, 255, 255],
    [0, 0, 0, 255],
  ]);
  editor.look({ view: "original" });
  await drawn();
  expect([at(20, 20), at(380, 20)]).toEqual([
    [0, 0, 255, 255],
    [0, 0, 255, 255],
  ]);
  editor.look({ view: "overlay" });
  await drawn();
  expect(at(20, 20)).toEqual([0, 0, 255, 255]);
  expect(at(380, 20)[0]).toBeGreaterThan(100);
});

test("left of the divider is the photo as it was", async () => {
  editor.look({ backdrop: "white", split: 0.8 });
  await drawn();
  expect(at(349, 100)).toEqual([0, 0, 255, 255]);
  expect(at(351, 100)).toEqual([255, 255, 255, 255]);
});

test("a stroke draws only its own part anew, and it is what drawing all would give", async () => {
  editor.look({ backdrop: "black", zoom: 0.3 });
  await drawn();
  editor.begin(stroke("erase", [[100, 150, 1]]));
  const box = await drawn();
  expect((box![2] - box![0]) * (box![3] - box![1])).toBeLessThan(30 * 30);
  const partly = screen.pixels.slice();
  editor.look({ split: null });
  await drawn();
  expect(Buffer.from(partly).equals(Buffer.from(screen.pixels))).toBe(true);
});

test("far enlarged, a photo pixel is a square", async () => {
  editor.look({ backdrop: "white", zoom: 8, centre: [200, 150] });
  await drawn();
  const row = screen.pixels.subarray(200 * 500 * 4, 201 * 500 * 4);
  const reds = Array.from({ length: 500 }, (_, x) => row[x * 4]);
  expect(new Set(reds)).toEqual(new Set([0, 255]));
  expect(reds.indexOf(255)).toBe(250);
});

test("sliders are seen at once and are gone when they are back", async () => {
  editor.look({ view: "matte" });
  await drawn();
  editor.set({ edge_shift: 10 });
  await drawn();
  expect([at(208, 150)[0], at(212, 150)[0]]).toEqual([255, 0]);
  editor.set({ edge_shift: -10 });
  await drawn();
  expect([at(188, 150)[0], at(192, 150)[0]]).toEqual([255, 0]);
  editor.set({ edge_shift: 0, edge_softness: 5 });
  await drawn();
  expect(Math.abs(at(200, 150)[0]! - 128)).toBeLessThan(15);
  editor.set({ edge_softness: 0 });
  await drawn();
  expect([at(199, 150)[0], at(200, 150)[0]]).toEqual([255, 0]);
});

test("strokes are seen through the sliders", async () => {
  editor.look({ view: "matte" });
  editor.set({ edge_shift: 6 });
  await drawn();
  await editor.perform(stroke("restore", [[320, 150, 1]], { diameter_px: 20, hardness: 1 }));
  await drawn();
  expect([at(334, 150)[0], at(338, 150)[0]]).toEqual([255, 0]);
});

test("soft pixels get the subject's own colours when nothing else happens", async () => {
  editor.set({ decontaminate: 100 });
  editor.look({ backdrop: "black" });
  await editor.perform(stroke("restore", [[300, 150, 1]], { diameter_px: 60, hardness: 1, opacity: 0.5 }));
  screen.frame();
  expect(at(300, 150)[0]).toBe(0);
  screen.frame();
  await drawn();
  expect(at(300, 150)[0]).toBeGreaterThan(120);
  expect(at(20, 150)).toEqual([0, 0, 255, 255]);
});

test("backgrounds of the recipe are seen: gradient, blur and picture", async () => {
  editor.set({ background: { kind: "gradient", from: "#000", to: "#fff", angle_deg: 0 } });
  await drawn();
  expect(at(390, 100)[0]! - at(210, 100)[0]!).toBeGreaterThan(90);
  editor.set({ background: { kind: "blur", radius_px: 20 } });
  await drawn();
  expect(at(300, 100)).toEqual([0, 0, 255, 255]);
  editor.set({ background: { kind: "picture", name: "green.png", bytes: "" } });
  await drawn();
  expect(at(300, 100)).toEqual([0, 255, 0, 255]);
});

test("a drop shadow falls where its angle says", async () => {
  editor.look({ backdrop: "white" });
  editor.set({ shadow: { kind: "drop", angle_deg: 0, distance_px: 40, softness_px: 0, opacity: 0.5 } });
  await drawn();
  await drawn(); // shadows come at rest
  expect(Math.abs(at(220, 150)[0]! - 127)).toBeLessThanOrEqual(2);
  expect(at(260, 150)[0]).toBe(255);
});

test("a huge photo that is far reduced shows its mean", async () => {
  const large = openEditor([1100, 2300]);
  screen.close();
  screen = screenOf(large);
  large.look({ view: "matte", zoom: 0.15, centre: [1150, 550] });
  await drawn();
  const row = screen.pixels.subarray(200 * 500 * 4, 201 * 500 * 4);
  expect(row[100 * 4]).toBe(255);
  expect(row[400 * 4]).toBe(0);
});

test("the first picture is drawn a few rows at a time and shown whole, what comes after it at once", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 0.5));
  const boxes: (Box | null)[] = [];
  while (!boxes.at(-1)) boxes.push(screen.frame());
  expect(boxes.length).toBeGreaterThan(3);
  expect(boxes.at(-1)).toEqual([0, 0, VIEWPORT.height, VIEWPORT.width]);
  const [top, bottom] = [at(10, 0), at(10, 299)];
  expect(top).toEqual([0, 0, 255, 255]);
  expect(bottom).toEqual(top);
  editor.look({ backdrop: "black" });
  expect(screen.frame()).toEqual([0, 0, VIEWPORT.height, VIEWPORT.width]);
  clock.mockRestore();
});

test("a picture that changes before it is drawn whole is begun anew", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 0.5));
  expect(screen.frame()).toBeNull();
  editor.look({ backdrop: "black" });
  for (let box = screen.frame(); box === null; ) box = screen.frame();
  expect(at(390, 0)).toEqual([0, 0, 0, 255]);
  clock.mockRestore();
});
