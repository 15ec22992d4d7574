import { expect, test } from "vitest";
import { Haste } from "../../src/worker/haste.ts";

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether it is over, without waiting for it. */
function watched(over: Promise<void>): { isOver: boolean } {
  const seen = { isOver: false };
  void over.then(() => (seen.isOver = true));
  return seen;
}

test("with nobody in haste there is nothing to wait for but what was asked meanwhile", async () => {
  await new Haste().over();
});

test("what may wait waits until nobody else does, however often an end is told", async () => {
  const haste = new Haste();
  const [one, other] = [haste.begin(), haste.begin()];
  const seen = watched(haste.over());
  one.end();
  one.end();
  await soon(60);
  expect(seen.isOver).toBe(false);
  other.end();
  await expect.poll(() => seen.isOver).toBe(true);
});

test("whoever had a photo opened is given the time to ask for its cutout", async () => {
  const haste = new Haste();
  await haste.hurried(async () => {});
  const seen = watched(haste.over());
  await soon(30);
  expect(seen.isOver).toBe(false);
  const { end } = haste.begin();
  await soon(200);
  expect(seen.isOver).toBe(false);
  end();
  await expect.poll(() => seen.isOver).toBe(true);
});

test("work that fails was waited for no longer", async () => {
  const haste = new Haste();
  await expect(haste.hurried(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await haste.over();
});
