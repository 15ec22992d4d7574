/** Storage that has no more room, whichever storage it is. */
import { FeathercutError } from "../errors.ts";

/** Whether a browser said so. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

export function full(cause?: unknown): FeathercutError {
  return new FeathercutError("storage", "The browser's storage for this page is full. Free some room on the device", {
    cause,
  });
}
