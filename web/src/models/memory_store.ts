/** Weights in memory: they last as long as the page. */
import type { Part, Passing, Store } from "./store.ts";

export class MemoryStore implements Store {
  readonly passing: Passing | null;
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #parts = new Map<string, MemoryPart>();

  constructor(passing: Passing | null) {
    this.passing = passing;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#files.get(name)?.slice() ?? null; // whoever reads may give the bytes away
  }

  async lengthOf(name: string): Promise<number | null> {
    return this.#files.get(name)?.length ?? null;
  }

  async part(name: string): Promise<Part> {
    const part = this.#parts.get(name) ?? new MemoryPart();
    this.#parts.set(name, part);
    return part;
  }

  async accept(name: string): Promise<void> {
    this.#files.set(name, this.#parts.get(name)!.whole());
    this.#parts.delete(name);
  }

  async drop(name: string): Promise<void> {
    this.#files.delete(name);
    this.#parts.delete(name);
  }

  async keepOnly(names: readonly string[]): Promise<void> {
    for (const name of this.#files.keys()) if (!names.includes(name)) this.#files.delete(name);
  }
}

export class MemoryPart implements Part {
  #pieces: Uint8Array[] = [];
  length = 0;

  whole(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    return bytes;
  }

  read(at: number, count: number): Uint8Array {
    const bytes = this.whole();
    this.#pieces = [bytes];
    return bytes.subarray(at, at + count);
  }

  write(bytes: Uint8Array): void {
    this.#pieces.push(bytes.slice());
    this.length += bytes.length;
  }

  empty(): void {
    this.#pieces = [];
    this.length = 0;
  }

  close(): void {}
}
