import { afterEach, expect, test, vi } from "vitest";
import { showLife, whenGone } from "../../src/worker/alive.ts";
import type { Channel } from "../../src/worker/bridge.ts";

/** Locks as browsers have them: one holder each, the next in turn once it lets go. */
class Locks {
  readonly #last = new Map<string, Promise<unknown>>();

  request(name: string, work: () => unknown): Promise<unknown> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work);
    this.#last.set(name, Promise.race([turn, this.#ended]));
    return turn;
  }

  end: () => void = () => {};
  readonly #ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });
}

function channel(): [Channel, Channel] {
  const { port1, port2 } = new MessageChannel();
  for (const port of [port1, port2]) port.start();
  return [port1 as unknown as Channel, port2 as unknown as Channel];
}

afterEach(() => vi.unstubAllGlobals());

test("a worker that ended in silence is noticed, one that lives is not", async () => {
  const locks = new Locks();
  vi.stubGlobal("navigator", { locks });
  const [inside, outside] = channel();
  const gone = vi.fn();
  whenGone(outside, gone);
  showLife(inside);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(gone).not.toHaveBeenCalled();
  locks.end();
  await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce(), 60_000);
});

test("where there are no locks nothing is said, and nothing fails", () => {
  vi.stubGlobal("navigator", {});
  const [inside] = channel();
  expect(() => showLife(inside)).not.toThrow();
});
