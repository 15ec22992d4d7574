/**
 * Everything that Feathercut throws, as in Python's `errors.py`. The message says what happened and what to do; it is
 * in English, and `code` is what the page translates by. Errors cross worker borders as `{ code, message }`.
 */
export type ErrorCode =
  | "option"
  | "method"
  | "shape"
  | "not-a-picture"
  | "not-here"
  | "damaged-picture"
  | "too-large"
  | "output"
  | "unknown-model"
  | "weights"
  | "network"
  | "device"
  | "storage"
  | "recipe"
  | "offline";

export class FeathercutError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FeathercutError";
    this.code = code;
  }
}
