/** Boxes of pixels, and the tiles of 256×256 that histories and caches are kept in. */
import type { Box, Size } from "../pictures.ts";

export const TILE = 256;

export function wholeBox(size: Size): Box {
  return [0, 0, size[0], size[1]];
}

/** `box` grown by `by` pixels (shrunk where negative) and cut to a picture of `size`. */
export function grown(box: Box, by: number, size: Size): Box {
  return [
    Math.max(0, box[0] - by),
    Math.max(0, box[1] - by),
    Math.min(size[0], box[2] + by),
    Math.min(size[1], box[3] + by),
  ];
}

export function isEmpty(box: Box): boolean {
  return box[2] <= box[0] || box[3] <= box[1];
}

export function areaOf(box: Box): number {
  return isEmpty(box) ? 0 : (box[2] - box[0]) * (box[3] - box[1]);
}

/** What both boxes cover, or null. */
export function shared(a: Box, b: Box): Box | null {
  const box: Box = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return isEmpty(box) ? null : box;
}

/** The least box around both. */
export function united(a: Box | null, b: Box | null): Box | null {
  if (!a || !b) return a ?? b;
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** The pixels of a picture halved `level` times that `box` touches. */
export function reducedBox(box: Box, level: number): Box {
  const step = 2 ** level;
  return [Math.floor(box[0] / step), Math.floor(box[1] / step), Math.ceil(box[2] / step), Math.ceil(box[3] / step)];
}

export function tilesAcross(size: Size): number {
  return Math.ceil(size[1] / TILE);
}

export function tileCount(size: Size): number {
  return tilesAcross(size) * Math.ceil(size[0] / TILE);
}

/** The pixels of tile number `tile`; tiles are counted row by row. */
export function tileBox(tile: number, size: Size): Box {
  const top = Math.floor(tile / tilesAcross(size)) * TILE;
  const left = (tile % tilesAcross(size)) * TILE;
  return [top, left, Math.min(size[0], top + TILE), Math.min(size[1], left + TILE)];
}

/** The number of the tile with the pixel in row `y` and column `x`. */
export function tileAt(y: number, x: number, size: Size): number {
  return Math.floor(y / TILE) * tilesAcross(size) + Math.floor(x / TILE);
}

/** The numbers of the tiles that `box` touches. */
export function tilesOf(box: Box, size: Size): number[] {
  const inside = shared(box, wholeBox(size));
  if (!inside) return [];
  const across = tilesAcross(size);
  const tiles: number[] = [];
  for (let row = Math.floor(inside[0] / TILE); row * TILE < inside[2]; row++) {
    for (let column = Math.floor(inside[1] / TILE); column * TILE < inside[3]; column++)
      tiles.push(row * across + column);
  }
  return tiles;
}
