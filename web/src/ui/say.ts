/** What happened and what to do, for anything that was thrown: the one place where errors become sentences. */
import { FeathercutError } from "../errors.ts";
import { words } from "../strings/words.ts";

export interface Said {
  readonly what: string;
  readonly todo: string;
  /** The error's own words, for who wants to know more. */
  readonly detail: string;
}

export function say(error: unknown): Said {
  const detail = error instanceof Error ? error.message : String(error ?? "");
  return { ...words.errors[codeOf(error)], detail };
}

function codeOf(error: unknown): keyof typeof words.errors {
  if (error instanceof FeathercutError) return error.code;
  // Storage that is full answers so, whichever part of it was asked.
  if (error instanceof DOMException && error.name === "QuotaExceededError") return "storage";
  if (error instanceof RangeError && /allocation|array length/i.test(error.message)) return "too-large";
  return "unknown";
}
