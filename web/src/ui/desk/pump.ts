/** One after another: the next begins once the one before it is over, or says that it may; never are there three. */
export class Pump<T> {
  readonly #ready: Promise<unknown>;
  readonly #next: () => T | undefined;
  readonly #work: (one: T, free: () => void) => Promise<void>;
  #isRunning = false;
  #over: Promise<void> = Promise.resolve();

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

  async #begin(one: T): Promise<void> {
    const before = this.#over;
    await new Promise<void>((free) => {
      this.#over = this.#work(one, free).finally(free);
    });
    await before;
  }
}
