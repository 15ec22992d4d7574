/** Mattes without a network, for what each method is good at; Python's `steps/methods/`. */
import { FeathercutError } from "../errors.ts";
import { key } from "../kernels/chroma.ts";
import { fromSrgb } from "../kernels/colour.ts";
import { plainTrimap } from "../kernels/plain.ts";
import { one, type Rows, visible } from "../kernels/rows.ts";
import { findScreen, isStrong, type Rgb } from "../kernels/screen.ts";
import { alphaFromTrimap } from "../kernels/trimap.ts";
import type { Options } from "../options.ts";
import type { Image, Matte } from "../pictures.ts";
import { parseColour } from "../values.ts";

type Wanted = Pick<Options, "method" | "screen" | "despill">;

/**
 * The photo by a method that is not `network`, before anything is selected; its own alpha bounds the matte.
 *
 * Raises FeathercutError "method" where the photo is not of the kind that the method is for.
 */
export function draw(photo: Image, options: Wanted): Matte {
  const seen = visible(photo);
  const drawn = options.method === "chroma" ? keyed(photo, seen, options) : plain(seen);
  if (photo.alpha === null) return drawn;
  const most = one(photo.alpha);
  return { ...drawn, alpha: drawn.alpha.map((value, i) => (value * photo.alpha![i]!) / most) };
}

function keyed(photo: Image, seen: Rows, { screen, despill }: Wanted): Matte {
  const found = screen === "auto" ? findScreen(seen) : named(screen, photo);
  if (!found) throw new FeathercutError("method", "There is no screen of one strong colour around the subject");
  const { alpha, rgb } = key(seen, found, despill / 100);
  return { size: photo.size, alpha, colours: rgb };
}

function named(screen: string, photo: Image): Rgb {
  const [red, green, blue] = parseColour(screen);
  const colour = Float32Array.of(red, green, blue);
  fromSrgb(colour, photo.metadata.profile);
  const found: Rgb = [colour[0]!, colour[1]!, colour[2]!];
  if (!isStrong(found)) throw new FeathercutError("option", `Option \`screen\`: \`${screen}\` has no strong colour`);
  return found;
}

function plain(seen: Rows): Matte {
  const trimap = plainTrimap(seen);
  if (!trimap) throw new FeathercutError("method", "The photo’s border is no plain backdrop");
  return { size: seen.size, alpha: alphaFromTrimap(seen, trimap) };
}
