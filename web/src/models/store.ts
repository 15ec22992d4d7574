/**
 * Where weights are kept on this device: the browser's private file system, which holds them for good, or memory where a
 * private window or an old browser has none.
 */
import { FeathercutError } from "../errors.ts";

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

export interface Store {
  /** Why nothing stays after the page is closed; null where it does. */
  readonly passing: string | null;
  /** The bytes of a kept file, or null. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Its length, or null. */
  lengthOf(name: string): Promise<number | null>;
  part(name: string): Promise<Part>;
  /** Makes the closed part of that name the file. */
  accept(name: string): Promise<void>;
  /** Removes all kept files but these; parts under way as well. */
  keepOnly(names: readonly string[]): Promise<void>;
}

const FOLDER = "weights";
const PART = ".part";

/** The store of this device; to be called in a worker, where files can be written as they come. */
export async function openStore(): Promise<Store> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    const probe = await folder.getFileHandle("probe", { create: true });
    (await probe.createSyncAccessHandle()).close();
    await folder.removeEntry("probe");
    return new FileStore(folder);
  } catch {
    // Private windows of some browsers refuse, older browsers cannot: the page works all the same, and says so.
    return new MemoryStore("This window keeps nothing: the networks are fetched again next time");
  }
}

class FileStore implements Store {
  readonly passing = null;
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const file = await this.#file(name);
    return file && new Uint8Array(await file.arrayBuffer());
  }

  async lengthOf(name: string): Promise<number | null> {
    return (await this.#file(name))?.size ?? null;
  }

  async part(name: string): Promise<Part> {
    const handle = await this.#folder.getFileHandle(name + PART, { create: true });
    return new FilePart(await handle.createSyncAccessHandle());
  }

  async accept(name: string): Promise<void> {
    const part = await this.#folder.getFileHandle(name + PART);
    if ("move" in part) {
      await (part as FileSystemFileHandle & { move(name: string): Promise<void> }).move(name);
      return;
    }
    // Browsers without renaming: copied, and only then may the part go.
    const target = await (await this.#folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
    try {
      target.truncate(0);
      target.write(new Uint8Array(await (await part.getFile()).arrayBuffer()));
    } finally {
      target.close();
    }
    await this.#folder.removeEntry(name + PART);
  }

  async keepOnly(names: readonly string[]): Promise<void> {
    const kept = new Set(names.flatMap((name) => [name, name + PART]));
    for await (const name of this.#folder.keys()) {
      if (!kept.has(name)) await this.#folder.removeEntry(name).catch(() => {}); // another tab may hold it
    }
  }

  async #file(name: string): Promise<File | null> {
    try {
      return await (await this.#folder.getFileHandle(name)).getFile();
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotFoundError") return null;
      throw error;
    }
  }
}

class FilePart implements Part {
  readonly #file: FileSystemSyncAccessHandle;
  #length: number;

  constructor(file: FileSystemSyncAccessHandle) {
    this.#file = file;
    this.#length = file.getSize();
  }

  get length(): number {
    return this.#length;
  }

  read(at: number, count: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(count, this.#length - at));
    this.#file.read(bytes, { at });
    return bytes;
  }

  write(bytes: Uint8Array): void {
    try {
      const written = this.#file.write(bytes as Uint8Array<ArrayBuffer>, { at: this.#length });
      this.#length += written;
      if (written < bytes.length) throw full();
    } catch (error) {
      throw error instanceof FeathercutError ? error : full(error);
    }
  }

  empty(): void {
    this.#file.truncate(0);
    this.#length = 0;
  }

  close(): void {
    this.#file.close();
  }
}

function full(cause?: unknown): FeathercutError {
  return new FeathercutError("storage", "The browser's storage for this page is full. Free some room on the device", {
    cause,
  });
}

/** Keeps files as long as the page is open. */
export class MemoryStore implements Store {
  readonly passing: string | null;
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #parts = new Map<string, MemoryPart>();

  constructor(passing: string | null) {
    this.passing = passing;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#files.get(name) ?? null;
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

  async keepOnly(names: readonly string[]): Promise<void> {
    for (const name of this.#files.keys()) if (!names.includes(name)) this.#files.delete(name);
  }
}

class MemoryPart implements Part {
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
