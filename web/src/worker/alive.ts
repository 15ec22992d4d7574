/**
 * Whether a worker still lives: browsers tell nobody when one is ended for want of memory. A worker holds a lock of its own
 * for as long as it lives, and whoever started it asks for the same one: it is given once the worker is gone.
 */
import type { Channel } from "./bridge.ts";

interface Alive {
  readonly kind: "alive";
  readonly lock: string;
}

/** In the worker: says that it lives. Windows that keep nothing have no locks, and nothing is said there. */
export function showLife(channel: Channel): void {
  if (!navigator.locks) return;
  const alive: Alive = { kind: "alive", lock: `feathercut-alive-${crypto.randomUUID()}` };
  const held = navigator.locks.request(alive.lock, () => {
    channel.postMessage(alive, []);
    return new Promise(() => {});
  });
  held.catch(() => {}); // refused
}

/** Outside of it: calls `gone` once the worker has ended, whoever ended it. */
export function whenGone(channel: Channel, gone: () => void): void {
  channel.addEventListener("message", ({ data }) => {
    const { kind, lock } = (data ?? {}) as Partial<Alive>;
    if (kind === "alive" && lock) void navigator.locks.request(lock, gone);
  });
}
