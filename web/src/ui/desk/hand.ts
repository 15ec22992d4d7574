/** Photos in memory: those that are worked on, and the one that is open. */
import type { Photo, Session } from "../../session.ts";

export interface Held {
  readonly photo: Photo;
  alpha: Float32Array | null;
}

export class Hand {
  readonly #session: Session;
  readonly #held = new Map<number, Held>();
  readonly #running = new Map<number, AbortController>();

  constructor(session: Session) {
    this.#session = session;
  }

  get(key: number): Held | null {
    return this.#held.get(key) ?? null;
  }

  take(key: number, photo: Photo): Held {
    const held: Held = { photo, alpha: null };
    this.#held.set(key, held);
    return held;
  }

  /** From here to `end` the photo is worked on; the signal says that somebody stopped it. */
  begin(key: number): AbortSignal {
    const controller = new AbortController();
    this.#running.set(key, controller);
    return controller.signal;
  }

  end(key: number): void {
    this.#running.delete(key);
  }

  isRunning(key: number): boolean {
    return this.#running.has(key);
  }

  stop(key: number): void {
    this.#running.get(key)?.abort();
  }

  /** Lets a photo's pixels go, unless it is open or worked on. */
  release(key: number, isOpen: boolean): void {
    const held = this.#held.get(key);
    if (!held || isOpen || this.#running.has(key)) return;
    this.#held.delete(key);
    this.#session.close(held.photo);
  }
}
