/** Who wants to be told of something. */

export class Listeners<Told extends readonly unknown[] = []> {
  readonly #heard = new Set<(...told: Told) => void>();

  /** Calls `heard` whenever something is told; gives back what stops it. */
  add(heard: (...told: Told) => void): () => void {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  }

  /** Whoever comes or goes meanwhile does so for the next time. */
  tell(...told: Told): void {
    for (const heard of [...this.#heard]) heard(...told);
  }

  clear(): void {
    this.#heard.clear();
  }
}
