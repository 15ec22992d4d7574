import { expect, test } from "vitest";
import { Hand } from "../../src/ui/desk/hand.ts";
import { stubDesk } from "./stub_session.ts";

test("work that ends late does not end what was begun on the same photo meanwhile", () => {
  const hand = new Hand(stubDesk().session);
  const [before, now] = [hand.begin(1), hand.begin(1)];
  hand.end(1, before);
  expect(hand.isRunning(1)).toBe(true);
  hand.stop(1);
  expect(now.aborted).toBe(true);
  hand.end(1, now);
  expect(hand.isRunning(1)).toBe(false);
});
