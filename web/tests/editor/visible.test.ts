import { expect, test } from "vitest";
import { EditedMatte, FULL } from "../../src/editor/matte.ts";
import { VisibleMatte } from "../../src/editor/screen/visible.ts";
import type { Box, Size } from "../../src/pictures.ts";

/** Six tiles, three rows of two. */
const SIZE: Size = [600, 300];
const NEUTRAL = { edge_shift: 0, edge_softness: 0, edge_contrast: 0 };

test("a matte is taken over in pieces, and what is painted meanwhile is there at the end", () => {
  const matte = new EditedMatte(SIZE, new Uint16Array(600 * 300).fill(FULL));
  const visible = new VisibleMatte(matte, null, NEUTRAL);
  const came: Box[] = [];
  let calls = 0;
  // Two tiles a call.
  const afterTwo = (): boolean => calls++ % 3 === 2;
  expect(visible.fill(afterTwo, (box) => came.push(box))).toBe(false);
  expect(came).toEqual([
    [0, 0, 256, 256],
    [0, 256, 256, 300],
  ]);
  expect([visible.values[0], visible.values[256 * 300]]).toEqual([255, 0]);
  for (const box of [
    [0, 0, 2, 2],
    [598, 298, 600, 300],
  ] as Box[]) {
    matte.write(box, new Float32Array(4).fill(0.2));
    expect(visible.changed(box)).toEqual(box);
  }
  while (!visible.fill(afterTwo, (box) => came.push(box)));
  expect(came).toHaveLength(6);
  expect([visible.values[0], visible.values[600 * 300 - 1]]).toEqual([51, 51]);
  expect(visible.values.filter((value) => value === 255)).toHaveLength(600 * 300 - 8);
});
