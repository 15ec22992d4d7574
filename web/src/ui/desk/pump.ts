/** One after another: the next begins once the one before it is over, or says that it may. */
export class Pump<T> {
  readonly #ready: Promise<unknown>;
  readonly #next: () => T | undefined;
  readonly #work: (one: T, free: () => void) => Promise<void>;
  #isRunning = false;

  /** Nothing is begun before `ready`; `next` gives undefined where nothing waits, and `work` never throws. */
  constructor(ready: Promise<unknown>, next: () => T | undefined, work: (one: T, free: () => void) => Promise<void>) {
    this.#ready = ready;
    this.#next = next;
    this.#work = work;
  }

  /** Begins all that wait, unless that is being done. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#ready;
      for (let one = this.#next(); one !== undefined; one = this.#next()) await this.#begin(one);
    } finally {
      this.#isRunning = false;
    }
  }

  #begin(one: T): Promise<void> {
    return new Promise((free) => void this.#work(one, free).finally(free));
  }
}
