/** Turns what decoders throw into our errors, at one place. Twin of Python's `damage.py`. */
import { FeathercutError } from "../errors.ts";

const CUT_SHORT = /truncat|too small|too short|end of|premature|unexpected eof|insufficient|incomplete/i;
const NO_MEMORY =
  /allocation failed|out of memory|invalid (typed )?array (buffer )?length|memory access|cannot enlarge/i;

/** The error for a file that ends too early. */
export function cutShort(name: string): FeathercutError {
  return new FeathercutError(
    "damaged-picture",
    `The ${name} is cut short: its end is missing. Get the whole file again`,
  );
}

/** The error for a file whose inside makes no sense. */
export function broken(name: string, detail: string): FeathercutError {
  return new FeathercutError(
    "damaged-picture",
    `The ${name} is damaged: ${detail}. Open it in another program and save it anew`,
  );
}

/** What a decoder of `name` threw, as one of our errors; ours and a person's own abort pass as they are. */
export function asDamage(error: unknown, name: string): unknown {
  if (error instanceof FeathercutError) return error;
  if (error instanceof DOMException && error.name === "AbortError") return error;
  const said = error instanceof Error ? error.message : String(error);
  if (NO_MEMORY.test(said)) {
    const message = `The ${name} needs more memory than this browser gives. Make it smaller, or use the \`feathercut\` command`;
    return new FeathercutError("too-large", message, { cause: error });
  }
  const ours = CUT_SHORT.test(said)
    ? cutShort(name)
    : broken(name, said.trim().replace(/\.+$/, "") || "it cannot be decoded");
  return new FeathercutError(ours.code, ours.message, { cause: error });
}
