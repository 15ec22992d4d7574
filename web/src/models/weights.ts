/** The networks of this page on this device: what there is, what is kept, what a network's bytes are. */
import { FeathercutError } from "../errors.ts";
import { download, type Heard } from "./download.ts";
import { type Network, readManifest } from "./manifest.ts";
import { MemoryStore } from "./memory_store.ts";
import { hashOf } from "./sha256.ts";
import type { Passing, Store } from "./store.ts";

const MANIFEST = "manifest.json";

export class Weights {
  readonly #base: string;
  readonly #opened: Promise<Store>;
  /** Where the browser's storage is full: what then is fetched lasts as long as the page. */
  readonly #spare = new MemoryStore(null);
  #networks: Promise<readonly Network[]> | null = null;

  /** `base` is the address below which manifest and networks lie, with a slash at its end; nobody waits for the store. */
  constructor(base: string, store: Store | Promise<Store>) {
    this.#base = base;
    this.#opened = Promise.resolve(store);
    this.#opened.catch(() => {}); // whoever needs it meets the reason
  }

  /** Why networks are fetched again on the next visit; null where they are kept. */
  async passing(networks: readonly Network[]): Promise<Passing | null> {
    const store = await this.#opened;
    if (store.passing) return store.passing;
    const lengths = await Promise.all(networks.map(({ file }) => store.lengthOf(file)));
    return lengths.every((length, i) => length === networks[i]!.bytes) ? null : "room";
  }

  /** The page's networks: as the server has them, or as it had them where it cannot be reached. */
  async networks(signal?: AbortSignal): Promise<readonly Network[]> {
    // Several ask while the first answer is on its way; one that failed or was stopped is asked for again.
    this.#networks ??= this.#manifest().then(readManifest);
    const asked = this.#networks;
    asked.catch(() => {
      if (this.#networks === asked) this.#networks = null;
    });
    return await unlessAborted(asked, signal);
  }

  /** Bytes that would be fetched for these networks now. */
  async cost(networks: readonly Network[]): Promise<number> {
    const kept = await Promise.all(networks.map((network) => this.#isKept(network)));
    return networks.reduce((sum, network, i) => sum + (kept[i] ? 0 : network.bytes), 0);
  }

  /**
   * The verified bytes of a network, fetched where they are not kept yet. What was kept is hashed again each time that it
   * is read: disks lose bits, and 45 MB take a few hundredths of a second. Raises as `download` does.
   */
  async bytes(network: Network, heard: Heard, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const kept = await this.#kept(network);
    if (kept) return kept;
    const lock = `feathercut-${network.file}`;
    // Two tabs that want the same network fetch it once.
    return await exclusively(
      lock,
      signal,
      async () => (await this.#kept(network)) ?? this.#fetched(network, heard, signal),
    );
  }

  async #fetched(network: Network, heard: Heard, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const address = this.#base + network.file;
    try {
      await download(network, address, await this.#opened, heard, signal);
    } catch (error) {
      if (!(error instanceof FeathercutError) || error.code !== "storage") throw error;
      await (await this.#opened).drop(network.file); // the room that is left is better used for a person's edits
      await download(network, address, this.#spare, heard, signal);
    }
    const bytes = await this.#kept(network);
    if (bytes) return bytes;
    throw new FeathercutError("storage", `${network.file} was fetched, and the browser did not keep it. Try again`);
  }

  async #isKept(network: Network): Promise<boolean> {
    const store = await this.#opened;
    const lengths = await Promise.all([store.lengthOf(network.file), this.#spare.lengthOf(network.file)]);
    return lengths.includes(network.bytes);
  }

  async #kept(network: Network): Promise<Uint8Array<ArrayBuffer> | null> {
    for (const store of [await this.#opened, this.#spare]) {
      const bytes = await store.read(network.file);
      if (!bytes || bytes.length !== network.bytes) continue;
      if ((await hashOf(bytes)) === network.sha256) return bytes;
      await store.drop(network.file);
    }
    return null;
  }

  async #manifest(): Promise<string> {
    let text: string;
    try {
      const response = await fetch(this.#base + MANIFEST, { credentials: "omit" });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      text = await response.text();
    } catch (cause) {
      const kept = await (await this.#opened).read(MANIFEST);
      if (kept) return new TextDecoder().decode(kept);
      throw new FeathercutError("offline", "The page's networks cannot be fetched: there is no connection to it", {
        cause,
      });
    }
    void this.#keepManifest(text);
    return text;
  }

  /** Keeps what the page has for days without a connection, and removes networks that it has no more. */
  async #keepManifest(text: string): Promise<void> {
    try {
      const names = readManifest(text).map((network) => network.file);
      const store = await this.#opened;
      const part = await store.part(MANIFEST);
      try {
        part.empty();
        part.write(new TextEncoder().encode(text));
      } finally {
        part.close(); // who holds a file shuts others out
      }
      await store.accept(MANIFEST);
      await store.keepOnly([...names, MANIFEST]);
    } catch {
      // Another tab is just doing so, or there is no room: nothing depends on it today.
    }
  }
}

/** Who stops waits no longer; the work goes on for others. */
function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

async function exclusively<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  let isAtWork = false;
  const begin = (): Promise<T> => {
    isAtWork = true;
    return work();
  };
  try {
    if (globalThis.navigator?.locks) return (await navigator.locks.request(name, { signal }, begin)) as T;
  } catch (error) {
    // Windows that keep nothing refuse locks as well, and have nothing to share.
    if (isAtWork || signal.aborted) throw error;
  }
  return await work();
}
