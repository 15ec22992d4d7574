/** The product on one screen: a photo and what networks made of it in, a cutout out. */
import type { Options } from "./options.ts";
import type { Cutout, Image, Matte, Prediction } from "./pictures.ts";
import { choose } from "./steps/choose.ts";
import { type Around, compose } from "./steps/compose.ts";
import { edit } from "./steps/edit.ts";
import { foreground } from "./steps/foreground.ts";
import { keepShadow } from "./steps/keep_shadow.ts";
import { refine } from "./steps/refine.ts";
import { seeThrough } from "./steps/see_through.ts";
import { select } from "./steps/select.ts";

/** The matte of a photo before a person's acts; `drawn` is what a method without a network made of it (`steps/methods.ts`). */
export function matteOf(
  photo: Image,
  predictions: readonly Prediction[],
  options: Options,
  drawn: Matte | null = null,
): Matte {
  if (!drawn) return meantOf(photo, foundOf(photo, predictions, options), options);
  const found = select(drawn, options);
  if (!drawn.colours) return meantOf(photo, found, options);
  return { ...choose(photo, found, options.subject), colours: drawn.colours };
}

/** All that was found: what a diagnosis judges, and what subjects are chosen from. */
export function foundOf(photo: Image, predictions: readonly Prediction[], options: Options): Matte {
  return select(refine(photo, predictions, options), options, true);
}

/** What is meant of it, as thin as it is. */
export function meantOf(photo: Image, found: Matte, options: Options): Matte {
  return seeThrough(photo, choose(photo, found, options.subject), options);
}

/** The subject of a photo by its matte: straight alpha and its own colours, at the photo's size. */
export function cutOut(photo: Image, matte: Matte, options: Options, around: Around = {}): Cutout {
  const edited = edit(matte, options, photo.alpha);
  const shadow = keepShadow(photo, edited, options);
  return { ...foreground(photo, edited, options, isMixedAgain(options, around)), shadow };
}

/** The picture that leaves: the cutout on its background, on its canvas. */
export function finish(cutout: Cutout, photo: Image, options: Options, around: Around = {}): Image {
  return compose(cutout, photo, options, around);
}

/** Colours that are resized or mixed once more are kept finer than the file's integers until then. */
function isMixedAgain({ background, crop, size, scale, position }: Options, { behind, shadow }: Around): boolean {
  if (behind || shadow) return true;
  return background !== "transparent" || crop || size !== null || scale !== null || position !== null;
}
