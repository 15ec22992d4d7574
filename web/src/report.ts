/** What is said of a cutout: how far it can be trusted, what is the matter, and where. Words for it are in `strings/`. */
import type { Marks } from "./kernels/windows.ts";
import type { Box, Size } from "./pictures.ts";

export type Kind =
  | "no-subject"
  | "low-resolution"
  | "similar-colours"
  | "transparent"
  | "several-subjects"
  | "cut-by-frame"
  | "extreme-close-up"
  | "uncertain-edges"
  | "blurred"
  | "over-or-under-exposed"
  | "network-disagreement";
/** A `hint` says what the photo is like; with a `warning` the matte wants a look, with something `serious` a new try. */
export type Severity = "hint" | "warning" | "serious";
export type Verdict = "fine" | "look" | "redo";

/** Where something is the matter: a box in px of the photo, and the marked cells of a grid of `size` over all of it. */
export interface Place {
  readonly box: Box;
  readonly mask: Marks;
  readonly size: Size;
}

/** One thing that is the matter; `place` is null where it is all of the photo or nowhere. */
export interface Finding {
  readonly kind: Kind;
  readonly severity: Severity;
  readonly place: Place | null;
}

/**
 * `confidence` is the share, 0 to 1, of such mattes that are right to within 2 % of the photo, all pixels together.
 * `findings` come with the most serious first.
 */
export interface Report {
  readonly confidence: number;
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
  /** A method without a network that the photo's backdrop is one for, and that would do better. */
  readonly method: "chroma" | "plain" | null;
}
