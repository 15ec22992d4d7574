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
    const share = strength();
    const row = y * photo.size[1];
    for (let left = from; left < to; ) {
      const column = Math.floor(left / TILE);
      const right = Math.min(to, (column + 1) * TILE);
      const colours = share > 0 ? own.tile(Math.floor(y / TILE) * across + column) : null;
      const width = Math.min(photo.size[1], (column + 1) * TILE) - column * TILE;
      for (let x = left; x < right; x++) {
        const alpha = values[row + x]!;
        const at = (row + x) * 3;
        if (!colours || alpha === 0 || alpha === 255) {
          out[x - from] = premultiplied(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!, alpha);
          continue;
        }
        const there = ((y % TILE) * width + x - column * TILE) * 3;
        const part = (c: number): number => Math.round(rgb[at + c]! + (colours[there + c]! - rgb[at + c]!) * share);
        out[x - from] = premultiplied(part(0), part(1), part(2), alpha);
      }
      left = right;
    }
  };
}
