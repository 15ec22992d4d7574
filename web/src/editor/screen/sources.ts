/** Rows of words of the two pictures that everything on the screen is made of. */
import type { Photo } from "../../session.ts";
import { TILE, tilesAcross } from "../tiles.ts";
import type { OwnColours } from "./colours.ts";
import { premultiplied } from "./pixels.ts";
import type { RowSource } from "./pyramid.ts";
import type { VisibleMatte } from "./visible.ts";

/** The photo's colours with the matte beside them, not multiplied in. */
export function photoRows(photo: Photo, visible: VisibleMatte): RowSource {
  const { rgb } = photo;
  return (y, from, to, out) => {
    let at = y * photo.size[1] + from;
    for (let i = 0; i < to - from; i++, at++) {
      out[i] = rgb[at * 3]! | (rgb[at * 3 + 1]! << 8) | (rgb[at * 3 + 2]! << 16) | (visible.values[at]! << 24);
    }
  };
}

/** The subject on nothing; `strength()` is how much of its own colours is shown, 0 to 1. */
export function cutoutRows(photo: Photo, visible: VisibleMatte, own: OwnColours, strength: () => number): RowSource {
  const { rgb } = photo;
  const { values } = visible;
  const across = tilesAcross(photo.size);
  return (y, from, to, out) => {
    const share = Math.round(strength() * 256);
    const row = y * photo.size[1];
    for (let left = from; left < to; ) {
      const column = Math.floor(left / TILE);
      const right = Math.min(to, (column + 1) * TILE);
      const colours = share > 0 ? own.tile(Math.floor(y / TILE) * across + column) : null;
      const width = Math.min(photo.size[1], (column + 1) * TILE) - column * TILE;
      let there = ((y % TILE) * width + left - column * TILE) * 3;
      for (let x = left; x < right; x++, there += 3) {
        const alpha = values[row + x]!;
        if (alpha === 0) {
          out[x - from] = 0;
          continue;
        }
        const at = (row + x) * 3;
        let red = rgb[at]!;
        let green = rgb[at + 1]!;
        let blue = rgb[at + 2]!;
        if (colours && alpha !== 255) {
          red += ((colours[there]! - red) * share + 128) >> 8;
          green += ((colours[there + 1]! - green) * share + 128) >> 8;
          blue += ((colours[there + 2]! - blue) * share + 128) >> 8;
        }
        out[x - from] = premultiplied(red, green, blue, alpha);
      }
      left = right;
    }
  };
}
