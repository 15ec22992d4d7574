/** Where the photo lies on the screen. Screen points are device pixels from the canvas's corner, photo points photo px. */
import type { Box, Size } from "../pictures.ts";
import type { Looking } from "./editor.ts";
import type { Frame } from "./frame.ts";
import type { Viewport } from "./paintable.ts";

export type Point = readonly [x: number, y: number];
export type Where = Pick<Looking, "zoom" | "centre">;

export const MOST_ZOOM = 64;
/** From here on photo pixels are shown as squares. */
export const SQUARES_FROM = 4;
/** From here on lines are drawn between photo pixels. */
export const GRID_FROM = 16;
/** Free space around a fitted photo, in CSS pixels. */
const FIT_MARGIN = 16;

/** The photo's point in its middle. */
export function middleOf([height, width]: Size): Point {
  return [width / 2, height / 2];
}

/** Where the photo's corner lies; on a whole device pixel, so that 100 % shows its very pixels. */
export function cornerOf(where: Where, viewport: Viewport): Point {
  return [
    Math.round(viewport.width / 2 - where.centre[0] * where.zoom),
    Math.round(viewport.height / 2 - where.centre[1] * where.zoom),
  ];
}

export function toPhoto([x, y]: Point, where: Where, viewport: Viewport): Point {
  const [left, top] = cornerOf(where, viewport);
  return [(x - left) / where.zoom, (y - top) / where.zoom];
}

export function toScreen([x, y]: Point, where: Where, viewport: Viewport): Point {
  const [left, top] = cornerOf(where, viewport);
  return [left + x * where.zoom, top + y * where.zoom];
}

/** The device pixels that show the photo's `box`, with what interpolation spreads of it. */
export function screenBox(box: Box, where: Where, viewport: Viewport): Box {
  const spread = Math.max(1, 2 / where.zoom); // reduced pictures mix what lies around
  const [left, top] = toScreen([box[1] - spread, box[0] - spread], where, viewport);
  const [right, bottom] = toScreen([box[3] + spread, box[2] + spread], where, viewport);
  return [
    Math.max(0, Math.floor(top)),
    Math.max(0, Math.floor(left)),
    Math.min(viewport.height, Math.ceil(bottom)),
    Math.min(viewport.width, Math.ceil(right)),
  ];
}

/** The photo's pixels that the screen shows. */
export function visibleBox(where: Where, viewport: Viewport, size: Size): Box {
  const [left, top] = toPhoto([0, 0], where, viewport);
  const [right, bottom] = toPhoto([viewport.width, viewport.height], where, viewport);
  return [
    Math.max(0, Math.floor(top) - 1),
    Math.max(0, Math.floor(left) - 1),
    Math.min(size[0], Math.ceil(bottom) + 1),
    Math.min(size[1], Math.ceil(right) + 1),
  ];
}

export function fitZoom(viewport: Viewport, [height, width]: Size): number {
  const margin = 2 * FIT_MARGIN * viewport.ratio;
  const across = Math.max(viewport.width - margin, viewport.width / 2) / width;
  const down = Math.max(viewport.height - margin, viewport.height / 2) / height;
  return Math.min(across, down, MOST_ZOOM);
}

/** The whole photo in the middle, as large as it fits; with `frame` what the finished picture shows around it, too. */
export function fitted(viewport: Viewport, size: Size, frame: Frame | null = null): Where {
  const top = Math.min(0, frame?.top ?? 0);
  const left = Math.min(0, frame?.left ?? 0);
  const bottom = Math.max(size[0], frame?.bottom ?? 0);
  const right = Math.max(size[1], frame?.right ?? 0);
  return { zoom: fitZoom(viewport, [bottom - top, right - left]), centre: [(left + right) / 2, (top + bottom) / 2] };
}

/** `where` with a zoom that is allowed and a middle that lies on the photo. */
export function allowed(where: Where, viewport: Viewport, size: Size): Where {
  const least = Math.min(fitZoom(viewport, size), 1) / 4;
  return {
    zoom: Math.min(MOST_ZOOM, Math.max(least, where.zoom)),
    centre: [Math.min(size[1], Math.max(0, where.centre[0])), Math.min(size[0], Math.max(0, where.centre[1]))],
  };
}

/** Zoomed by `factor` so that what lies under `at` stays there. */
export function zoomedAt(at: Point, factor: number, where: Where, viewport: Viewport, size: Size): Where {
  const under = toPhoto(at, where, viewport);
  const { zoom } = allowed({ zoom: where.zoom * factor, centre: where.centre }, viewport, size);
  const centre: Point = [
    under[0] - (at[0] - viewport.width / 2) / zoom,
    under[1] - (at[1] - viewport.height / 2) / zoom,
  ];
  return allowed({ zoom, centre }, viewport, size);
}

/** Moved so that the photo goes `dx`, `dy` device pixels right and down. */
export function panned(dx: number, dy: number, where: Where, viewport: Viewport, size: Size): Where {
  const centre: Point = [where.centre[0] - dx / where.zoom, where.centre[1] - dy / where.zoom];
  return allowed({ zoom: where.zoom, centre }, viewport, size);
}

/** What a key zooms by. */
export const ZOOM_STEP = 2 ** 0.5;
/** Of the viewport, what an arrow key moves by. */
const STEP_ASIDE = 0.1;

/** The photo moved a step right (`across` 1) and down (`down` 1). */
export function stepAside(
  editor: { readonly state: { readonly looking: Where }; readonly viewport: Viewport; readonly photo: { size: Size } },
  across: number,
  down: number,
): Where {
  const { viewport, photo, state } = editor;
  const step = Math.max(viewport.width, viewport.height) * STEP_ASIDE;
  return panned(across * step, down * step, state.looking, viewport, photo.size);
}
