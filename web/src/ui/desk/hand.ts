/** Photos in memory: those that are worked on, and the one that is open. */
import type { Photo, Session, Sketch } from "../../session.ts";

export interface Held {
  readonly photo: Photo;
  alpha: Float32Array | null;
  sketch: Sketch | null;
}

export class Hand {
  readonly #session: Session;
  readonly #held = new Map<number, Held>();
  readonly #running = new Map<number, AbortController>();
  readonly #packing = new Map<number, { readonly done: Promise<void>; readonly end: () => void }>();

  constructor(session: Session) {
    this.#session = session;
  }

  get(key: number): Held | null {
    return this.#held.get(key) ?? null;
  }

  take(key: number, photo: Photo): Held {
    const held: Held = { photo, alpha: null, sketch: null };
    this.#held.set(key, held);
    return held;
  }

  /** From here to `end` the photo is worked on; the signal says that somebody stopped it. */
  begin(key: number): AbortSignal {
    const controller = new AbortController();
    this.#running.set(key, controller);
    return controller.signal;
  }

  /** The work that `begin` gave `signal` to is over; what was begun on the same photo after it goes on. */
  end(key: number, signal: AbortSignal): void {
    if (this.#running.get(key)?.signal !== signal) return;
    this.#running.delete(key);
    this.packed(key);
  }

  /** From here to `packed` a cutout is shown whose recipe is not whole. */
  packs(key: number): void {
    if (this.#packing.has(key)) return;
    let end = (): void => {};
    const done = new Promise<void>((resolve) => (end = resolve));
    this.#packing.set(key, { done, end });
  }

  /** Whether that was waited for. */
  packed(key: number): boolean {
    this.#packing.get(key)?.end();
    return this.#packing.delete(key);
  }

  /** Resolves when what is shown of a photo has its whole recipe. */
  async whole(key: number): Promise<void> {
    await this.#packing.get(key)?.done;
  }

  isRunning(key: number): boolean {
    return this.#running.has(key);
  }

  /** At once, or as soon as what is shown can be kept. */
  stop(key: number): void {
    const stop = this.#running.get(key);
    const packing = this.#packing.get(key);
    if (packing) void packing.done.then(() => stop?.abort());
    else stop?.abort();
  }

  /** Lets a photo's pixels go, unless it is open or worked on. */
  release(key: number, isOpen: boolean): void {
    const held = this.#held.get(key);
    if (!held || isOpen || this.#running.has(key)) return;
    this.#held.delete(key);
    this.#session.close(held.photo);
  }
}
