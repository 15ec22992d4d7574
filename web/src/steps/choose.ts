/** Matte → Matte: which of several subjects. Python's `steps/choose.py`, for the forms that the page writes. */
import { FeathercutError } from "../errors.ts";
import { rowsOf } from "../kernels/rows.ts";
import { findSubjects } from "../kernels/subjects.ts";
import { shareOf } from "../kernels/territories.ts";
import type { Image, Matte } from "../pictures.ts";

/**
 * The matte of the subjects that `subject` names: `all`, or numbers as in `1,3`.
 *
 * A matte without a subject stays empty. Raises FeathercutError "option" where the photo has no such subject.
 */
export function choose(photo: Image, matte: Matte, subject: string): Matte {
  const numbers = numbersOf(subject);
  if (numbers === null) return matte;
  const colours = rowsOf(photo.rgb, photo.size, 3);
  const found = findSubjects(matte.alpha, matte.size, colours);
  if (found.each.length === 0) return matte;
  const missing = [...numbers].filter((number) => number > found.each.length);
  if (missing.length > 0) {
    const there = found.each.length === 1 ? "there is 1 subject" : `there are ${found.each.length} subjects`;
    throw new FeathercutError("option", `Option \`subject\`: ${there}; ${missing.join(", ")} is not among them`);
  }
  if (numbers.size === found.each.length) return matte;
  return { size: matte.size, alpha: shareOf(found, numbers, colours, matte.alpha, matte.size) };
}

/** The numbers that a choice names, null where all are meant. Raises FeathercutError "option" for other words. */
export function numbersOf(subject: string): ReadonlySet<number> | null {
  const word = subject.trim().toLowerCase();
  if (word === "all") return null;
  if (word === "largest") return new Set([1]);
  if (!/^[1-9]\d{0,3}(\s*,\s*[1-9]\d{0,3})*$/.test(word)) {
    throw new FeathercutError(
      "option",
      `Option \`subject\`: the page takes \`all\`, \`largest\` and numbers as in \`1,3\`, not \`${subject}\``,
    );
  }
  return new Set(word.split(",").map(Number));
}
