/** Where the photo's own shadow lies: looked for while it is shown, told to whoever lays out the finished picture. */
import { Listeners } from "../listeners.ts";
import type { Box } from "../pictures.ts";

export class KeptBox {
  #value: Box | null | undefined;
  readonly #heard = new Listeners();

  /** In px of the photo; null where the photo has none, undefined until it was looked for. */
  get value(): Box | null | undefined {
    return this.#value;
  }

  note(box: Box | null): void {
    if (this.#value !== undefined && String(this.#value) === String(box)) return;
    this.#value = box;
    this.#heard.tell();
  }

  subscribe(heard: () => void): () => void {
    return this.#heard.add(heard);
  }
}
