import { expect, test } from "vitest";
import { Pump } from "../../src/ui/desk/pump.ts";

test("each begins when the one before is over or lets it, all of them once, and none before it is time", async () => {
  const waiting = ["a", "frees", "b", "c"];
  const heard: string[] = [];
  let go = (): void => {};
  const ready = new Promise<void>((resolve) => (go = resolve));
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const pump = new Pump(
    ready,
    () => waiting.shift(),
    async (name, free) => {
      heard.push(`${name} begins`);
      if (name === "frees") {
        free();
        await finished;
      }
      heard.push(`${name} ends`);
    },
  );
  const running = pump.run();
  void pump.run();
  await Promise.resolve();
  expect(heard).toEqual([]);
  go();
  await expect.poll(() => heard.at(-1)).toBe("b ends");
  expect(heard).toEqual(["a begins", "a ends", "frees begins", "b begins", "b ends"]);
  finish(); // the third of them waited for it
  await running;
  expect(heard.slice(5)).toEqual(["frees ends", "c begins", "c ends"]);
  waiting.push("d");
  await pump.run();
  expect(heard.slice(-2)).toEqual(["d begins", "d ends"]);
});
