/** Parts of the subject are transparent: what lies behind shows in them, or they are half transparent in the matte. */
import { behind } from "../kernels/behind.ts";
import { largest, smallest } from "../kernels/extremes.ts";
import { gridOf, reduced } from "../kernels/glass.ts";
import { likeness } from "../kernels/likeness.ts";
import { spread } from "../kernels/pieces.ts";
import { resize } from "../kernels/resample.ts";
import { transparentPlaces } from "../kernels/transparent.ts";
import type { Marks } from "../kernels/windows.ts";
import type { Evidence } from "./evidence.ts";
import { count, type Look } from "./sign.ts";

const [BARE, RIM] = [0.05, 2];
const [INSIDE, LOW, HIGH] = [2, Math.fround(0.08), Math.fround(0.92)];
/** What a grey cell counts beside one of glass: mostly the networks are in doubt there. */
const GREY = 1 / 3;

export const look: Look = (evidence) => {
  const [glass, grey] = [glassOf(evidence), greyOf(evidence)];
  const body = Math.max(
    evidence.matte.reduce((sum, alpha) => sum + (alpha > LOW ? 1 : 0), 0),
    1,
  );
  const doubted = count(grey.map((mark, at) => (mark && !glass[at] ? 1 : 0)));
  const around = spread(grey, evidence.grid, INSIDE);
  return [(count(glass) + GREY * doubted) / body, glass.map((mark, at) => mark | around[at]!)];
};

/** The cells of pieces that the networks drew as solid and that show their backdrop as glass does. */
function glassOf({ rgb, matte, grid }: Evidence): Marks {
  const smaller = gridOf(grid);
  const small = reduced(rgb, grid);
  const alpha = resize(matte, grid, smaller, "box");
  const there = spread(
    Uint8Array.from(alpha, (value) => (value >= Math.fround(BARE) ? 1 : 0)),
    smaller,
    RIM,
  );
  const back = behind(
    small,
    there.map((mark) => 1 - mark),
    smaller,
  );
  if (!back) return new Uint8Array(matte.length);
  const places = transparentPlaces(small, alpha, smaller, back);
  return Uint8Array.from(resize(places, smaller, grid, "bilinear"), (place) => (place > BARE ? 1 : 0));
}

/** The cells inside that are half transparent in the matte, in colours of the background. */
function greyOf({ matte, rgb, grid }: Evidence): Marks {
  const [low, high] = [smallest(matte, grid, INSIDE), largest(matte, grid, INSIDE)];
  const grey = Uint8Array.from(low, (alpha, at) => (alpha > LOW && high[at]! < HIGH ? 1 : 0));
  if (!grey.includes(1)) return grey;
  const inside = Uint8Array.from(smallest(matte, grid, 1), (alpha) => (alpha > 0.95 ? 1 : 0));
  const outside = Uint8Array.from(largest(matte, grid, 1), (alpha) => (alpha < 0.05 ? 1 : 0));
  const looks = likeness(rgb, inside, outside);
  return grey.map((mark, at) => (mark && looks[at]! < 0.5 ? 1 : 0));
}
