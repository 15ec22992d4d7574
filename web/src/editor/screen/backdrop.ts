/** What shows where the subject does not: rows of opaque words. */
import type { Backdrop } from "../editor.ts";
import type { Background } from "../recipe.ts";
import { over, word, wordOfColour } from "./pixels.ts";
import type { Sampler } from "./sampler.ts";

/** Fills `out` from its start with device row `y`, columns `from` to `to`. */
export type RowFiller = (y: number, from: number, to: number, out: Uint32Array) => void;

/** CSS pixels of a square of the checker. */
const SQUARE = 8;
const LIGHT = [word(255, 255, 255), word(217, 217, 217)] as const;
const DARK = [word(72, 72, 72), word(54, 54, 54)] as const;

export function flat(colour: number): RowFiller {
  return (_, from, to, out) => {
    out.fill(colour, 0, to - from);
  };
}

/** Squares that stay where they are while the photo moves. */
export function checker(ratio: number, isDark: boolean): RowFiller {
  const side = Math.max(1, Math.round(SQUARE * ratio));
  const shades = isDark ? DARK : LIGHT;
  return (y, from, to, out) => {
    const row = Math.floor(y / side);
    for (let x = from; x < to; ) {
      const end = Math.min(to, (Math.floor(x / side) + 1) * side);
      out.fill(shades[(Math.floor(x / side) + row) & 1]!, x - from, end - from);
      x = end;
    }
  };
}

/** A picture of the layer, over what `below` fills. */
export function layered(layer: Sampler, below: RowFiller): RowFiller {
  let row = new Uint32Array(0);
  return (y, from, to, out) => {
    below(y, from, to, out);
    if (row.length < to - from) row = new Uint32Array(to - from);
    layer.read(y, from, to, row);
    for (let i = 0; i < to - from; i++) if (row[i]! > 0xffffff) out[i] = over(row[i]!, out[i]!);
  };
}

/** The recipe's plain background, over what the person chose to look at it on. */
export function plain(background: Background, backdrop: Backdrop, ratio: number, isDark: boolean): RowFiller {
  const below = chosen(backdrop, ratio, isDark);
  if (background.kind !== "colour") return below;
  const colour = wordOfColour(background.colour);
  return (y, from, to, out) => {
    below(y, from, to, out);
    for (let i = 0; i < to - from; i++) out[i] = over(colour, out[i]!);
  };
}

function chosen(backdrop: Backdrop, ratio: number, isDark: boolean): RowFiller {
  if (backdrop === "white") return flat(word(255, 255, 255));
  if (backdrop === "black") return flat(word(0, 0, 0));
  if (backdrop === "checker") return checker(ratio, isDark);
  return flat(over(wordOfColour(backdrop.colour), word(255, 255, 255)));
}
