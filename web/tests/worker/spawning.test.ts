import { beforeEach, expect, test, vi } from "vitest";

class FakeWorker extends EventTarget {
  static readonly all: FakeWorker[] = [];
  constructor() {
    super();
    FakeWorker.all.push(this);
  }
}

beforeEach(() => {
  FakeWorker.all.length = 0;
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("ErrorEvent", class extends Event {});
  vi.resetModules();
});

test("what a worker says before anybody listens is heard once, and so is what it says later", async () => {
  const { spawnEarly, spawnStudio } = await import("../../src/worker/spawning.ts");
  spawnEarly();
  const [worker] = FakeWorker.all;
  worker!.dispatchEvent(new MessageEvent("message", { data: "alive" }));
  const heard: unknown[] = [];
  const studio = spawnStudio();
  expect(studio).toBe(worker);
  studio.addEventListener("message", ({ data }) => heard.push(data));
  await Promise.resolve();
  worker!.dispatchEvent(new MessageEvent("message", { data: "answer" }));
  expect(heard).toEqual(["alive", "answer"]);
});

test("the next studio is a new worker", async () => {
  const { spawnEarly, spawnStudio } = await import("../../src/worker/spawning.ts");
  spawnEarly();
  expect(spawnStudio()).toBe(FakeWorker.all[0]);
  expect(spawnStudio()).toBe(FakeWorker.all[1]);
  expect(FakeWorker.all).toHaveLength(2);
});
