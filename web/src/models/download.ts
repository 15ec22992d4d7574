/** Bytes → a verified file in the store: with progress, picked up where it broke off. */
import { FeathercutError } from "../errors.ts";
import { hashOf } from "./sha256.ts";
import type { Part, Store } from "./store.ts";

export interface Wanted {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Told bytes done, bytes in all, and the seconds that are left where that can be told. */
export type Heard = (done: number, total: number, left_s: number | null) => void;

/** Requests in a row that may bring nothing, and the pause after the first of them, which doubles. */
const [ATTEMPTS, PAUSE_MS] = [4, 300];
const REPORT_EVERY_MS = 100;
/** So long a rate is measured before seconds are promised. */
const RATE_AFTER_MS = 400;

/**
 * Puts the file at `address` into the store, where its bytes and hash are those wanted.
 *
 * A line that breaks is picked up by a Range request, as long as bytes arrive; what came stays for the next visit. Raises
 * FeathercutError "offline" where the address cannot be reached, "weights" where it does not have that file (bytes of
 * another hash are thrown away, after one more try from the start if they were picked up), "storage" where there is no
 * room; the signal's reason where it is aborted.
 */
export async function download(
  wanted: Wanted,
  address: string,
  store: Store,
  heard: Heard,
  signal: AbortSignal,
): Promise<void> {
  const part = await store.part(wanted.file);
  let isWhole = false;
  try {
    const wasBegun = part.length > 0;
    isWhole = await attempts(wanted, address, part, heard, signal);
    if (!isWhole && wasBegun) isWhole = await attempts(wanted, address, part, heard, signal);
  } finally {
    part.close();
  }
  if (!isWhole) {
    throw new FeathercutError(
      "weights",
      `${wanted.file}: the bytes that came are not those of the network (another SHA-256), and were thrown away. ` +
        "Load the page anew; where it stays so, tell whoever runs it",
    );
  }
  await store.accept(wanted.file);
}

/** Whether the part is whole and has the wanted hash; it is emptied where not. */
async function attempts(
  wanted: Wanted,
  address: string,
  part: Part,
  heard: Heard,
  signal: AbortSignal,
): Promise<boolean> {
  if (part.length > wanted.bytes) part.empty();
  let isShort = false;
  for (let fruitless = 0; part.length < wanted.bytes; ) {
    const before = part.length;
    const wasShort = isShort;
    let cause: unknown;
    try {
      await receive(wanted, address, part, heard, signal);
      isShort = part.length < wanted.bytes;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof FeathercutError) throw error;
      [isShort, cause] = [false, error]; // the browser says no more than that the line failed
    }
    fruitless = part.length > before ? 0 : fruitless + 1;
    // A server that says it is done, again and again, has another file there.
    if (isShort && wasShort && fruitless > 0) throw tooShort(wanted, part);
    if (fruitless >= ATTEMPTS) throw unreachable(wanted, part, cause);
    if (part.length < wanted.bytes) await pause(PAUSE_MS * 2 ** fruitless, signal);
  }
  if (part.length === wanted.bytes && (await hashOf(part.read(0, part.length))) === wanted.sha256) return true;
  part.empty();
  return false;
}

/** One request: what it brings is written. */
async function receive(wanted: Wanted, address: string, part: Part, heard: Heard, signal: AbortSignal): Promise<void> {
  const start = part.length;
  const headers: HeadersInit = start > 0 ? { Range: `bytes=${start}-` } : {};
  const response = await fetch(address, { headers, signal, credentials: "omit" });
  if (!response.ok || !response.body) {
    throw new FeathercutError(
      "weights",
      `${wanted.file}: the server answered ${response.status} ${response.statusText}`,
    );
  }
  const isRest = response.status === 206 && response.headers.get("Content-Range")?.startsWith(`bytes ${start}-`);
  if (start > 0 && !isRest) part.empty(); // a server without ranges sends the whole
  const pace = paced(part.length, wanted.bytes, heard);
  for await (const bytes of response.body) {
    part.write(bytes);
    pace(part.length);
    if (part.length > wanted.bytes) break; // another file: the hash will say so
  }
}

/** Reports a few times a second, with the seconds left at the pace of this request. */
function paced(start: number, total: number, heard: Heard): (done: number) => void {
  const began = performance.now();
  let last = 0;
  heard(start, total, null);
  return (done) => {
    const now = performance.now();
    if (now - last < REPORT_EVERY_MS && done < total) return;
    last = now;
    const rate = now - began > RATE_AFTER_MS ? (done - start) / (now - began) : 0;
    heard(done, total, rate > 0 ? Math.max(0, total - done) / rate / 1000 : null);
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}

function tooShort(wanted: Wanted, part: Part): FeathercutError {
  const came = part.length;
  part.empty();
  return new FeathercutError(
    "weights",
    `${wanted.file}: the server has ${came} bytes of it where there should be ${wanted.bytes}. ` +
      "Load the page anew; where it stays so, tell whoever runs it",
  );
}

function unreachable(wanted: Wanted, part: Part, cause: unknown): FeathercutError {
  const kept = part.length > 0 ? `; the ${(part.length / 1e6).toFixed(1)} MB that came are kept` : "";
  return new FeathercutError(
    "offline",
    `${wanted.file} cannot be fetched: the connection failed${kept}. Try again when there is one`,
    { cause },
  );
}
