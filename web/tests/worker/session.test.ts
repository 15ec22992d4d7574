import { expect, test } from "vitest";
import { createSession } from "../../src/worker/session.ts";

/** A studio that is ended by the first photo it is asked to open, or opens it. */
class FakeWorker extends EventTarget {
  readonly #isEnded: boolean;
  readonly asked: string[] = [];

  constructor(isEnded: boolean) {
    super();
    this.#isEnded = isEnded;
  }

  postMessage({ kind, id, name, give }: { kind: string; id: number; name: string; give: { name: string } }): void {
    this.asked.push(name);
    if (kind !== "ask" || name !== "open") return;
    const event = this.#isEnded
      ? new Event("error")
      : new MessageEvent("message", { data: { kind: "answer", id, value: { name: give.name } } });
    queueMicrotask(() => this.dispatchEvent(event));
  }

  terminate(): void {}
}

function sessionOf(...ended: boolean[]) {
  return sessionWith(ended.map((isEnded) => new FakeWorker(isEnded)));
}

function sessionWith(workers: readonly FakeWorker[]) {
  const left = [...workers];
  return createSession({
    spawn: () => left.shift() as unknown as Worker,
    base: "weights/",
    recall: () => null,
    remember: () => {},
  });
}

const { signal } = new AbortController();

test("a photo that was given to a studio that is gone is given to the next", async () => {
  const photo = await sessionOf(true, false).open(new Blob(), "cat.jpg", signal);
  expect(photo.name).toBe("cat.jpg");
});

test("a photo that ends the next studio as well is not tried for ever", async () => {
  await expect(sessionOf(true, true).open(new Blob(), "cat.jpg", signal)).rejects.toMatchObject({ code: "device" });
});

test("a studio is told its settings as soon as there are any: networks are made ready from then on", () => {
  const worker = new FakeWorker(false);
  sessionWith([worker]).configure({ provider: "wasm", quality: "small" });
  expect(worker.asked).toEqual(["configure"]);
});
