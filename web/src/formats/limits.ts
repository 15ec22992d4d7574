/** The limits on bytes and pixels, asked before anything is decoded. Twin of Python's `limits.py`. */
import { FeathercutError } from "../errors.ts";
import { broken } from "./damage.ts";

export interface Limits {
  readonly max_megabytes: number;
  readonly max_megapixels: number;
  /** Sides in px: what a Photoshop file can hold, which is far beyond any graphics memory. */
  readonly max_side_px: number;
}

export const LIMITS: Limits = { max_megabytes: 256, max_megapixels: 150, max_side_px: 29_999 };

const INSTEAD = "Make it smaller, or use the `feathercut` command, which takes larger ones";

/** Throws FeathercutError("too-large") for a file over `max_megabytes`. */
export function checkBytes(length: number, limits: Limits): void {
  if (length <= limits.max_megabytes * 1e6) return;
  throw new FeathercutError(
    "too-large",
    `The file has ${(length / 1e6).toFixed(1)} megabytes, more than the ${limits.max_megabytes} that are read here. ${INSTEAD}`,
  );
}

/** Throws FeathercutError for a picture without pixels, or with more than may be. */
export function checkPicture(name: string, width: number, height: number, limits: Limits): void {
  if (width < 1 || height < 1) throw broken(name, `it says it has ${width}×${height} pixels`);
  const has = `The picture has ${width}×${height} pixels`;
  if (width * height > limits.max_megapixels * 1e6) {
    throw new FeathercutError(
      "too-large",
      `${has} (${((width * height) / 1e6).toFixed(1)} megapixels), more than the ${limits.max_megapixels} megapixels that are read here. ${INSTEAD}`,
    );
  }
  if (Math.max(width, height) > limits.max_side_px) {
    throw new FeathercutError(
      "too-large",
      `${has}, and no side may be longer than ${limits.max_side_px} here. ${INSTEAD}`,
    );
  }
}
