/** A value that is watched. */
import { useEffect, useState } from "preact/hooks";
import { Listeners } from "../../listeners.ts";

export interface Watched<T> {
  readonly value: T;
  /** Calls `heard` after every change; gives back what stops it. */
  subscribe(heard: () => void): () => void;
}

export class Store<T> implements Watched<T> {
  #value: T;
  readonly #heard = new Listeners();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#heard.tell();
  }

  change(part: Partial<T>): void {
    this.set({ ...this.#value, ...part });
  }

  subscribe(heard: () => void): () => void {
    return this.#heard.add(heard);
  }
}

/** What `select` picks from a watched value; draws anew only when that changes, at most once a frame. */
export function useWatched<T, P>(watched: Watched<T>, select: (value: T) => P): P {
  const [, draw] = useState<object>({});
  const picked = select(watched.value);
  useEffect(() => {
    let frame = 0;
    let last = select(watched.value);
    if (!Object.is(last, picked)) draw({});
    const stop = watched.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        const next = select(watched.value);
        if (Object.is(next, last)) return;
        last = next;
        draw({});
      });
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [watched]);
  return picked;
}
