import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onceAtRest } from "../../src/service/rest.ts";
import type { DeskState, Item } from "../../src/ui/desk/item.ts";
import { Store } from "../../src/ui/desk/store.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function deskWith(...states: Item["state"][]): Partial<DeskState> {
  return { items: states.map((state, key) => ({ key, state }) as Item) };
}

function watched(): { desk: Store<DeskState>; rests: () => number } {
  const desk = new Store(deskWith() as DeskState);
  let count = 0;
  onceAtRest(desk, () => void count++);
  return { desk, rests: () => count };
}

test("an empty page is at rest after a while, once", () => {
  const { rests } = watched();
  expect(rests()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(rests()).toBe(1);
});

test("photos that are worked on come first, however long they take", () => {
  const { desk, rests } = watched();
  desk.change(deskWith("running", "waiting"));
  vi.advanceTimersByTime(60_000);
  desk.change(deskWith("done", "running"));
  expect(rests()).toBe(0);
  desk.change(deskWith("done", "failed"));
  desk.change(deskWith("done", "failed", "done"));
  expect(rests()).toBe(1);
});
