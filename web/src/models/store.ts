/**
 * Where weights are kept on this device: the browser's private file system, which holds them for good; its cache where
 * there is no such file system; memory where a private window has neither.
 */
import { CacheStore } from "./cache_store.ts";
import { FileStore } from "./file_store.ts";
import { MemoryStore } from "./memory_store.ts";

/** A file under way. What was written stays for the next try until it is accepted or dropped. */
export interface Part {
  readonly length: number;
  read(at: number, count: number): Uint8Array;
  write(bytes: Uint8Array): void;
  /** Starts again from nothing. */
  empty(): void;
  /** Lets go of the file; what was written stays. */
  close(): void;
}

/** Why networks are not kept: this window keeps nothing at all, or there is no room. */
export type Passing = "window" | "room";

export interface Store {
  /** Why nothing stays after the page is closed; null where it does. */
  readonly passing: Passing | null;
  /** The bytes of a kept file, or null. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Its length, or null. */
  lengthOf(name: string): Promise<number | null>;
  part(name: string): Promise<Part>;
  /** Makes the closed part of that name the file. */
  accept(name: string): Promise<void>;
  /** Forgets a kept file, and what there is of it under way. */
  drop(name: string): Promise<void>;
  /** Removes all kept files but these; parts under way as well. */
  keepOnly(names: readonly string[]): Promise<void>;
}

/** The store of this device; to be called in a worker, where files can be written as they come. */
export async function openStore(): Promise<Store> {
  for (const open of [FileStore.open, CacheStore.open]) {
    try {
      return await open();
    } catch {
      // Private windows of some browsers refuse, older browsers cannot: the page works all the same, and says so.
    }
  }
  return new MemoryStore("window");
}
