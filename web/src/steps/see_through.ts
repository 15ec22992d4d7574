/** Matte → Matte: glass and smoke let through what is behind them. */
import { behind } from "../kernels/behind.ts";
import { gridOf, reduced, thinned } from "../kernels/glass.ts";
import { spread } from "../kernels/pieces.ts";
import { resize } from "../kernels/resample.ts";
import { thinPlaces, transparentPlaces } from "../kernels/transparent.ts";
import type { Options } from "../options.ts";
import type { Matte } from "../pictures.ts";
import type { Picture } from "./refine.ts";

const BARE = Math.fround(0.05);
const RIM = 2;

/**
 * The matte with its transparent parts as thin as they are; the very same one where none is.
 *
 * What is behind is guessed from around the subject, so that the photo's colours tell what is left of it. With `auto` that
 * is done where several signs agree that a piece of the subject is glass, with `strong` wherever colours allow it. A photo
 * that brought its own alpha, and one that the subject fills, stay as they are.
 */
export function seeThrough(image: Picture, matte: Matte, { transparency }: Pick<Options, "transparency">): Matte {
  if (transparency === "off" || image.alpha !== null || !matte.alpha.some((alpha) => alpha > 0)) return matte;
  const { size } = matte;
  const grid = gridOf(size);
  const small = reduced(image.rgb, size);
  const alpha = resize(matte.alpha, size, grid, "box");
  const there = Uint8Array.from(alpha, (value) => (value >= BARE ? 1 : 0));
  const bare = spread(there, grid, RIM).map((mark) => 1 - mark);
  const back = behind(small, bare, grid);
  if (!back) return matte;
  const found = (transparency === "strong" ? thinPlaces : transparentPlaces)(small, alpha, grid, back);
  const places = transparency === "strong" ? found : found.map((place) => (place < 1 ? 0 : place));
  if (!places.some((place) => place > 0)) return matte;
  const through = { grid, places, backdrop: back.colour };
  return { size, alpha: thinned(image.rgb, matte.alpha, size, places, back), through };
}
