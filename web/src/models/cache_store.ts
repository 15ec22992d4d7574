/**
 * Weights in the browser's cache, for browsers without private files. A file under way is in memory, so that one that was
 * broken off is picked up while the page is open, and begun anew on the next visit.
 */
import { full } from "./full.ts";
import { MemoryPart } from "./memory_store.ts";
import type { Part, Store } from "./store.ts";

const CACHE = "feathercut-weights";

export class CacheStore implements Store {
  readonly passing = null;
  readonly #cache: Cache;
  readonly #parts = new Map<string, MemoryPart>();

  /** Throws where this window keeps nothing. */
  static async open(): Promise<CacheStore> {
    return new CacheStore(await caches.open(CACHE));
  }

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const kept = await this.#cache.match(addressOf(name));
    return kept ? new Uint8Array(await kept.arrayBuffer()) : null;
  }

  async lengthOf(name: string): Promise<number | null> {
    const kept = await this.#cache.match(addressOf(name));
    return kept ? Number(kept.headers.get("Content-Length")) : null;
  }

  async part(name: string): Promise<Part> {
    const part = this.#parts.get(name) ?? new MemoryPart();
    this.#parts.set(name, part);
    return part;
  }

  async accept(name: string): Promise<void> {
    const bytes = this.#parts.get(name)!.whole();
    this.#parts.delete(name);
    const answer = new Response(bytes, { headers: { "Content-Length": String(bytes.length) } });
    try {
      await this.#cache.put(addressOf(name), answer);
    } catch (cause) {
      throw full(cause);
    }
  }

  async drop(name: string): Promise<void> {
    this.#parts.delete(name);
    await this.#cache.delete(addressOf(name));
  }

  async keepOnly(names: readonly string[]): Promise<void> {
    const kept = new Set(names.map(addressOf));
    for (const { url } of await this.#cache.keys()) if (!kept.has(url)) await this.#cache.delete(url);
  }
}

/** Entries of a cache are named by addresses; nothing is ever asked of this one. */
function addressOf(name: string): string {
  return new URL(`kept/${name}`, location.origin).href;
}
