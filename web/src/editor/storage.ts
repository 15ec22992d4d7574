/** A little of IndexedDB: entries with a key and a time, in named stores. */

export type StoreName = "documents" | "photos";

export interface Kept {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const DATABASE = "feathercut";
const SCHEMA = 1;

export async function put(store: StoreName, value: Kept): Promise<void> {
  await inStore(store, "readwrite", (entries) => entries.put(value));
}

export async function remove(store: StoreName, key: string): Promise<void> {
  await inStore(store, "readwrite", (entries) => entries.delete(key));
}

export async function kept<T extends Kept>(store: StoreName, key: string): Promise<T | null> {
  return ((await inStore(store, "readonly", (entries) => entries.get(key))) as T | undefined) ?? null;
}

export async function newest<T extends Kept>(store: StoreName): Promise<T | null> {
  const key = (await keysByAge(store)).at(-1);
  return key === undefined ? null : kept<T>(store, key);
}

export async function oldest(store: StoreName): Promise<{ readonly key: string } | null> {
  const [key] = await keysByAge(store);
  return key === undefined ? null : { key };
}

/** Removes all but the `most` newest. */
export async function keep(store: StoreName, most: number): Promise<void> {
  const keys = await keysByAge(store);
  for (const key of keys.slice(0, Math.max(0, keys.length - most))) await remove(store, key);
}

/** The oldest first. Values are not read: photos are large. */
async function keysByAge(store: StoreName): Promise<string[]> {
  return (await inStore(store, "readonly", (entries) => entries.index("at").getAllKeys())) as string[];
}

async function inStore<T>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (entries: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      // Only when the transaction is complete is what was put kept.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error);
      transaction.onerror = () => reject(transaction.error ?? request.error);
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, SCHEMA);
    request.onupgradeneeded = () => {
      for (const name of ["documents", "photos"]) {
        request.result.createObjectStore(name, { keyPath: "key" }).createIndex("at", "at");
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds the storage open"));
  });
}
