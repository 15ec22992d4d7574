import { afterEach, expect, test } from "vitest";
import { FeathercutError } from "../../src/errors.ts";
import { Asker, answer, type Channel, type Handlers, serve } from "../../src/worker/bridge.ts";
import { Feed } from "../../src/worker/feed.ts";
import { Turns } from "../../src/worker/turns.ts";

type Sums = {
  double: { give: Float32Array; tell: string; get: Float32Array };
  wait: { give: number; tell: never; get: undefined };
  fail: { give: string; tell: never; get: undefined };
};

const open: MessagePort[] = [];
const aborted: unknown[] = [];

const handlers: Handlers<Sums> = {
  async double(numbers, { tell }) {
    tell("begun");
    const doubled = numbers.map((value) => 2 * value);
    return answer(doubled, [doubled.buffer]);
  },
  wait: (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted.push(signal.reason);
        reject(signal.reason);
      });
    }),
  async fail(what) {
    throw what === "ours" ? new FeathercutError("storage", "full") : new RangeError("theirs");
  },
};

function asker(): Asker<Sums> {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  port1.start();
  port2.start();
  serve(port2 as Channel, handlers);
  return new Asker(port1 as Channel);
}

afterEach(() => {
  for (const port of open.splice(0)) port.close();
  aborted.length = 0;
});

test("a question is answered, after what is told on the way", async () => {
  const told: string[] = [];
  const doubled = await asker().ask("double", new Float32Array([1, 2]), null, (word) => told.push(word));
  expect([...doubled]).toEqual([2, 4]);
  expect(told).toEqual(["begun"]);
});

test("answers find their questions, whatever their order", async () => {
  const one = asker();
  const answers = [1, 2, 3].map((value) => one.ask("double", new Float32Array([value])));
  expect((await Promise.all(answers)).map(([value]) => value)).toEqual([2, 4, 6]);
});

test("a buffer that is handed over is not copied", async () => {
  const numbers = new Float32Array(4);
  await asker().ask("double", numbers, null, () => {}, [numbers.buffer]);
  expect(numbers.length).toBe(0);
});

test("errors keep their code and their words", async () => {
  await expect(asker().ask("fail", "ours")).rejects.toBeInstanceOf(FeathercutError);
  await expect(asker().ask("fail", "ours")).rejects.toMatchObject({ code: "storage", message: "full" });
  await expect(asker().ask("fail", "")).rejects.toMatchObject({ name: "RangeError", message: "theirs" });
});

test("an abort rejects here at once, and is heard there", async () => {
  const stop = new AbortController();
  const one = asker();
  const waiting = one.ask("wait", 1, stop.signal);
  stop.abort();
  await expect(waiting).rejects.toBe(stop.signal.reason);
  await one.ask("double", new Float32Array(1)); // messages keep their order
  expect(aborted).toHaveLength(1);
  expect(one.open).toBe(0);
});

test("what is aborted before it is asked is not asked", async () => {
  await expect(asker().ask("wait", 1, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  expect(aborted).toHaveLength(0);
});

test("all that is open fails when the other side is gone", async () => {
  const one = asker();
  const waiting = one.ask("wait", 1);
  one.fail(new FeathercutError("device", "gone"));
  await expect(waiting).rejects.toMatchObject({ code: "device" });
});

test("a feed gives what came before the error, then the error", async () => {
  const feed = new Feed<number>();
  feed.push(1);
  const work = Promise.resolve().then(() => {
    feed.push(2);
    throw new Error("over");
  });
  const got: number[] = [];
  const taking = (async () => {
    for await (const value of feed.until(work)) got.push(value);
  })();
  await expect(taking).rejects.toThrow("over");
  expect(got).toEqual([1, 2]);
});

test("turns are taken in order; one that fails or is aborted stops none behind it", async () => {
  const turns = new Turns();
  const order: number[] = [];
  const never = new AbortController().signal;
  const first = turns.take(never, async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    order.push(1);
    throw new Error("first");
  });
  const second = turns.take(AbortSignal.abort(), async () => void order.push(2));
  const third = turns.take(never, async () => void order.push(3));
  const ends = await Promise.allSettled([first, second, third]);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect(order).toEqual([1, 3]);
});
