/** Values that arrive, for whoever takes them one by one. */
export class Feed<T> {
  readonly #values: T[] = [];
  #wake: () => void = () => {};

  push(value: T): void {
    this.#values.push(value);
    this.#wake();
  }

  /** The values, until `work` ends; what it throws is thrown once all values before it were taken. */
  async *until(work: Promise<unknown>): AsyncGenerator<T> {
    let end: { readonly error?: unknown } | null = null;
    const over = (what: { readonly error?: unknown }): void => {
      end = what;
      this.#wake();
    };
    work.then(
      () => over({}),
      (error: unknown) => over({ error }),
    );
    for (;;) {
      while (this.#values.length > 0) yield this.#values.shift()!;
      if (end !== null) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const { error } = end as { readonly error?: unknown };
    if (error !== undefined) throw error;
  }
}
