/** Who waits for something, and who may wait: a photo is diagnosed after the next one was given to a network. */

/** A photo that was just opened is about to be cut out. */
const GRACE_MS = 100;

export class Haste {
  #waiting = 0;
  #graceUntil = 0;

  /** From here to `end`, which may be called more than once, somebody waits. */
  begin(): { readonly end: () => void } {
    this.#waiting++;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.#waiting--;
    };
    return { end };
  }

  /** Runs what somebody waits for, and for more of it before long. */
  async hurried<T>(work: () => Promise<T>): Promise<T> {
    const { end } = this.begin();
    try {
      return await work();
    } finally {
      this.#graceUntil = performance.now() + GRACE_MS;
      end();
    }
  }

  /** Resolves when nobody waits; whoever asked meanwhile goes first. */
  async over(): Promise<void> {
    do {
      const left_ms = this.#graceUntil - performance.now();
      await new Promise((resolve) => setTimeout(resolve, this.#waiting > 0 ? GRACE_MS / 4 : Math.max(0, left_ms)));
    } while (this.#waiting > 0 || performance.now() < this.#graceUntil);
  }
}
