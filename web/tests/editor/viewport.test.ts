import { expect, test } from "vitest";
import {
  allowed,
  fitted,
  MOST_ZOOM,
  panned,
  screenBox,
  toPhoto,
  toScreen,
  visibleBox,
  zoomedAt,
} from "../../src/editor/viewport.ts";

const VIEWPORT = { width: 1400, height: 900, ratio: 1 };
const SIZE = [3000, 4000] as const;

test("a fitted photo lies in the middle and is seen whole", () => {
  const where = fitted(VIEWPORT, SIZE);
  expect(visibleBox(where, VIEWPORT, SIZE)).toEqual([0, 0, 3000, 4000]);
  const [left] = toScreen([0, 0], where, VIEWPORT);
  const [right] = toScreen([4000, 3000], where, VIEWPORT);
  expect(Math.abs(left + right - 1400)).toBeLessThanOrEqual(1);
});

test("what lies under the cursor stays there while zooming", () => {
  let where = fitted(VIEWPORT, SIZE);
  const at = [900, 300] as const;
  const under = toPhoto(at, where, VIEWPORT);
  for (let i = 0; i < 8; i++) where = zoomedAt(at, 1.5, where, VIEWPORT, SIZE);
  const there = toScreen(under, where, VIEWPORT);
  expect(Math.hypot(there[0] - at[0], there[1] - at[1])).toBeLessThan(where.zoom + 9);
});

test("points go to the screen and back", () => {
  const where = { zoom: 0.37, centre: [1234.5, 987] as const };
  const [x, y] = toPhoto(toScreen([321, 654], where, VIEWPORT), where, VIEWPORT);
  expect(x).toBeCloseTo(321, 6);
  expect(y).toBeCloseTo(654, 6);
});

test("at 100 % a photo pixel is a device pixel", () => {
  const where = { zoom: 1, centre: [1000.3, 800.8] as const };
  expect(toScreen([10, 20], where, VIEWPORT).every(Number.isInteger)).toBe(true);
  expect(screenBox([500, 500, 501, 501], where, VIEWPORT)).toHaveLength(4);
});

test("zoom and middle keep to their bounds", () => {
  expect(allowed({ zoom: 1e9, centre: [-5, 1e9] }, VIEWPORT, SIZE)).toEqual({ zoom: MOST_ZOOM, centre: [0, 3000] });
  expect(allowed({ zoom: 0, centre: [0, 0] }, VIEWPORT, SIZE).zoom).toBeGreaterThan(0);
});

test("panning moves the photo with the hand", () => {
  const where = panned(100, -50, { zoom: 2, centre: [500, 500] }, VIEWPORT, SIZE);
  expect(where.centre).toEqual([450, 525]);
});
