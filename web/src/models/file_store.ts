/** Weights in the browser's private file system, written as they arrive. */
import { FeathercutError } from "../errors.ts";
import { full, isFull } from "./full.ts";
import type { Part, Store } from "./store.ts";

const FOLDER = "weights";
const PART = ".part";

export class FileStore implements Store {
  readonly passing = null;
  readonly #folder: FileSystemDirectoryHandle;

  /** Throws where this window or browser has no such files. */
  static async open(): Promise<FileStore> {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    // Of this worker alone: another one that tries at the same moment would be refused the same file.
    const name = `probe-${crypto.randomUUID()}`;
    const probe = await root.getFileHandle(name, { create: true });
    (await probe.createSyncAccessHandle()).close();
    await root.removeEntry(name);
    return new FileStore(folder);
  }

  private constructor(folder: FileSystemDirectoryHandle) {
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
    try {
      const handle = await this.#folder.getFileHandle(name + PART, { create: true });
      return new FilePart(await handle.createSyncAccessHandle());
    } catch (error) {
      throw isFull(error) ? full(error) : error;
    }
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

  async drop(name: string): Promise<void> {
    for (const one of [name, name + PART]) await this.#folder.removeEntry(one).catch(() => {}); // it may not be there
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
      // Where there is no room Chromium answers with an error's number, which reads as four thousand million bytes.
      if (written !== bytes.length) throw full();
      this.#length += written;
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
