/**
 * Calls across a worker's border: a question with an id, reports on the way, one answer. An AbortSignal goes along, errors
 * come back as they were thrown, and buffers are handed over instead of copied.
 */
import { type ErrorCode, FeathercutError } from "../errors.ts";

/** What one side may ask of the other: by name, what is given, what is told on the way, what comes back. */
export type Calls = { readonly [name: string]: { give: unknown; tell: unknown; get: unknown } };

/** An answer, and which of its buffers change hands. */
export interface Answer<T> {
  readonly value: T;
  readonly transfer: readonly Transferable[];
}

export interface Told<T> {
  /** Tells the caller of something on the way, before the answer. */
  tell(value: T, transfer?: readonly Transferable[]): void;
  readonly signal: AbortSignal;
}

export type Handlers<C extends Calls> = {
  readonly [N in keyof C]: (give: C[N]["give"], told: Told<C[N]["tell"]>) => Promise<Answer<C[N]["get"]>>;
};

/** One end of a channel: a Worker, a worker's own scope, or a MessagePort. */
export interface Channel {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", heard: (event: MessageEvent) => void): void;
}

type Question =
  | { kind: "ask"; id: number; name: string; give: unknown }
  | { kind: "abort"; id: number; reason: Thrown };
type Reply =
  | { kind: "tell"; id: number; value: unknown }
  | { kind: "answer"; id: number; value: unknown }
  | { kind: "throw"; id: number; error: Thrown };

interface Thrown {
  readonly name: string;
  readonly code: ErrorCode | null;
  readonly message: string;
}

export function answer<T>(value: T, transfer: readonly Transferable[] = []): Answer<T> {
  return { value, transfer };
}

/** Answers the questions that arrive. */
export function serve<C extends Calls>(channel: Channel, handlers: Handlers<C>): void {
  const running = new Map<number, AbortController>();
  channel.addEventListener("message", ({ data }: MessageEvent) => {
    const question = data as Question;
    if (question.kind === "abort") running.get(question.id)?.abort(revived(question.reason));
    if (question.kind === "ask") void work(question);
  });

  async function work({ id, name, give }: Question & { kind: "ask" }): Promise<void> {
    const reply = (message: Reply, transfer: readonly Transferable[] = []): void =>
      channel.postMessage(message, [...transfer]);
    const stop = new AbortController();
    running.set(id, stop);
    try {
      const handler = handlers[name];
      if (!handler) throw new Error(`nobody answers \`${name}\``);
      const tell: Told<unknown>["tell"] = (value, transfer) => reply({ kind: "tell", id, value }, transfer);
      const got = await handler(give, { tell, signal: stop.signal });
      reply({ kind: "answer", id, value: got.value }, got.transfer);
    } catch (error) {
      reply({ kind: "throw", id, error: plain(error) });
    } finally {
      running.delete(id);
    }
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly told: (value: unknown) => void;
}

/** Asks questions. */
export class Asker<C extends Calls> {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.addEventListener("message", ({ data }: MessageEvent) => this.#hear(data as Reply));
  }

  /** How many questions are open. */
  get open(): number {
    return this.#waiting.size;
  }

  /** The answer. Rejects with the signal's reason as soon as it is aborted; the other side is told. */
  ask<N extends keyof C & string>(
    name: N,
    give: C[N]["give"],
    signal: AbortSignal | null = null,
    told: (value: C[N]["tell"]) => void = () => {},
    transfer: readonly Transferable[] = [],
  ): Promise<C[N]["get"]> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#last;
    return new Promise<C[N]["get"]>((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(id);
        this.#channel.postMessage({ kind: "abort", id, reason: plain(signal!.reason) }, []);
        reject(signal!.reason);
      };
      const ended = <T>(end: (value: T) => void) => {
        return (value: T): void => {
          signal?.removeEventListener("abort", stop);
          end(value);
        };
      };
      this.#waiting.set(id, {
        resolve: ended(resolve as (value: unknown) => void),
        reject: ended(reject),
        told: told as (value: unknown) => void,
      });
      signal?.addEventListener("abort", stop, { once: true });
      this.#channel.postMessage({ kind: "ask", id, name, give }, [...transfer]);
    });
  }

  /** Rejects all that is open: the other side is gone. */
  fail(reason: unknown): void {
    for (const one of this.#waiting.values()) one.reject(reason);
    this.#waiting.clear();
  }

  #hear(reply: Reply): void {
    const one = this.#waiting.get(reply.id);
    if (!one) return; // aborted meanwhile
    if (reply.kind === "tell") {
      one.told(reply.value);
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.kind === "answer") one.resolve(reply.value);
    else one.reject(revived(reply.error));
  }
}

function plain(error: unknown): Thrown {
  const { name = "Error", message = String(error) } =
    error instanceof Error || error instanceof DOMException ? error : {};
  return { name, code: error instanceof FeathercutError ? error.code : null, message };
}

function revived({ name, code, message }: Thrown): Error {
  if (code !== null) return new FeathercutError(code, message);
  if (name === "AbortError") return new DOMException(message, name);
  return Object.assign(new Error(message), { name });
}
