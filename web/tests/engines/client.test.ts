import { afterEach, expect, test } from "vitest";
import type { EngineCalls, Where } from "../../src/engines/calls.ts";
import { EngineClient, type Thread } from "../../src/engines/client.ts";
import { FeathercutError } from "../../src/errors.ts";
import { answer, type Channel, type Handlers, serve } from "../../src/worker/bridge.ts";
import { row } from "../models/network_rows.ts";

const [small, large] = [row("u2netp", "wasm"), row("isnet-general", "wasm")];
const where: Where = { provider: "wasm", threads: 2, base: "http://example.test/" };
const input = { data: new Float32Array([1, 2, 3]), dims: [1, 3, 1, 1] };
const never = new AbortController().signal;

/** A worker in name only: the other end of a channel, which can be lost and counts what it is asked. */
class FakeThread extends EventTarget {
  static readonly all: FakeThread[] = [];
  readonly ahead: string[] = [];
  readonly practised: boolean[] = [];
  readonly loads: { file: string; keeps: readonly string[] }[] = [];
  isEnded = false;
  readonly #port: MessagePort;

  constructor(run: (thread: FakeThread) => Promise<void>) {
    super();
    FakeThread.all.push(this);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }));
    port2.start();
    const handlers: Handlers<EngineCalls> = {
      start: async () => answer(undefined),
      ahead: async ({ network, practises }) => {
        this.ahead.push(network.file);
        this.practised.push(practises);
        return answer(undefined);
      },
      load: async ({ network, keeps }) => {
        this.loads.push({ file: network.file, keeps });
        return answer(undefined);
      },
      run: async ({ input: given }) => {
        await run(this);
        return answer([{ data: given.data.map((value) => value + 1), dims: given.dims }]);
      },
    };
    serve(port2 as Channel, handlers);
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    if (!this.isEnded) this.#port.postMessage(message, transfer as unknown as ArrayBuffer[]);
  }

  terminate(): void {
    this.isEnded = true;
    this.#port.close();
  }

  crash(): void {
    this.dispatchEvent(new Event("error"));
  }
}

function client(run: (thread: FakeThread) => Promise<void> = async () => {}): EngineClient {
  return new EngineClient(() => new FakeThread(run) as unknown as Thread);
}

afterEach(() => {
  for (const thread of FakeThread.all.splice(0)) thread.terminate();
});

test("one worker serves one run after the other, and keeps the networks that it has", async () => {
  const engine = client();
  const [matte] = await engine.run(where, small, input, () => {}, never);
  await engine.run(where, large, input, () => {}, never);
  expect([...matte!.data]).toEqual([2, 3, 4]);
  expect(FakeThread.all).toHaveLength(1);
  expect(FakeThread.all[0]!.loads.map(({ keeps }) => keeps)).toEqual([[], [small.file]]);
});

test("where memory is short the small network goes before the large one comes", async () => {
  const engine = client();
  await engine.run(where, small, input, () => {}, never, false);
  await engine.run(where, large, input, () => {}, never, false);
  expect(FakeThread.all[0]!.loads[1]).toEqual({ file: large.file, keeps: [] });
});

test("a worker that is lost is started once more", async () => {
  const engine = client(async (thread) => {
    if (FakeThread.all.length === 1) thread.crash();
  });
  const [matte] = await engine.run(where, small, input, () => {}, never);
  expect([...matte!.data]).toEqual([2, 3, 4]);
  expect(FakeThread.all.map(({ isEnded }) => isEnded)).toEqual([true, false]);
});

test("one that is lost again is said, and the next photo gets a new one", async () => {
  let isBroken = true;
  const engine = client(async (thread) => {
    if (isBroken) thread.crash();
  });
  await expect(engine.run(where, small, input, () => {}, never)).rejects.toMatchObject({ code: "device" });
  isBroken = false;
  expect(await engine.run(where, small, input, () => {}, never)).toHaveLength(1);
});

test("a network that fails is tried in a new worker, whose memory is empty", async () => {
  const engine = client(async () => {
    if (FakeThread.all.length === 1) throw new FeathercutError("network", "out of memory");
  });
  expect(await engine.run(where, small, input, () => {}, never)).toHaveLength(1);
  expect(FakeThread.all).toHaveLength(2);
});

test("an abort ends a network that runs, and the next run starts anew", async () => {
  const stop = new AbortController();
  const engine = client(async () => {
    if (!stop.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve)); // it is heard that the network is loaded
      stop.abort();
      await new Promise(() => {});
    }
  });
  await expect(engine.run(where, small, input, () => {}, stop.signal)).rejects.toMatchObject({ name: "AbortError" });
  expect(FakeThread.all[0]!.isEnded).toBe(true);
  expect(await engine.run(where, small, input, () => {}, never)).toHaveLength(1);
});

test("a photo that comes while a network is made ready ends the practice", async () => {
  const engine = client();
  engine.warm(where);
  engine.ahead(where, small, true);
  engine.ahead(where, small, false);
  engine.ahead(where, small, true);
  await engine.run(where, small, input, () => {}, never);
  expect(FakeThread.all[0]!.practised).toEqual([true, false]);
});

test("another provider gets a worker of its own", async () => {
  const engine = client();
  await engine.run(where, small, input, () => {}, never);
  await engine.run({ ...where, provider: "webgpu" }, row("u2netp", "webgpu"), input, () => {}, never);
  expect(FakeThread.all.map(({ isEnded }) => isEnded)).toEqual([true, false]);
});

test("a run is asked for with its load: who asks may be at work when the network is there", async () => {
  const asked: string[] = [];
  const engine = new EngineClient(() => {
    const thread = new FakeThread(async () => {});
    const post = thread.postMessage.bind(thread);
    thread.postMessage = (message, transfer) => {
      asked.push((message as { name: string }).name);
      post(message, transfer);
    };
    return thread as unknown as Thread;
  });
  const outputs = engine.run(where, small, input, () => {}, never);
  expect(asked).toEqual(["load", "run"]);
  await outputs;
});

test("the large network is fetched while nobody waits, and those that are there stay", async () => {
  const engine = client();
  await engine.run(where, small, input, () => {}, never);
  engine.fetch(where, large, () => {}, never);
  await engine.run(where, large, input, () => {}, never);
  expect(FakeThread.all[0]!.loads.map(({ file }) => file)).toEqual([small.file, large.file, large.file]);
  expect(FakeThread.all[0]!.loads[1]!.keeps).toEqual([small.file]);
});

test("a network is made ready ahead, once, and never while something else is asked", async () => {
  const engine = client();
  engine.ahead(where, small, true);
  engine.ahead(where, small, true);
  await engine.run(where, small, input, () => {}, never);
  engine.ahead(where, large, false);
  const [thread, ...others] = FakeThread.all;
  expect(others).toEqual([]);
  expect(thread!.ahead).toEqual([small.file]);
  expect(thread!.loads.map(({ file }) => file)).toEqual([small.file]);
});
