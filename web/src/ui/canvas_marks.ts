/** What lies over the picture and is not of it: brush outline, cursor, outlines being drawn, pixel grid, loupe. */

import type { Frame } from "../editor/frame.ts";
import type { PaintableEditor } from "../editor/paintable.ts";
import type { Act } from "../editor/recipe.ts";
import { isBrush } from "../editor/tools.ts";
import { GRID_FROM, type Point, toScreen, visibleBox } from "../editor/viewport.ts";
import type { Place } from "../report.ts";
import { drawPlace } from "./canvas_place.ts";
import type { Hand } from "./canvas_pointer.ts";

/** CSS pixels: the loupe's radius, how far it stays from the border, and a cross's arm. */
const LOUPE = 60;
const GAP = 12;
const CROSS = 10;
/** How much larger than the screen the loupe shows what is under a finger. */
const LARGER = 2;

type Pen = CanvasRenderingContext2D;

/** What may be marked over the picture. */
export interface Marked {
  readonly hand: Hand;
  /** The keyboard's. */
  readonly cursor: Point | null;
  /** The picture as it is shown, for the loupe. */
  readonly shown: CanvasImageSource;
  readonly frame: Frame | null;
  readonly place: Place | null;
}

export class Marks {
  readonly #pen: Pen;
  #isBlank = true;

  constructor(pen: Pen) {
    this.#pen = pen;
  }

  /** Draws them anew. A canvas on which nothing was ever drawn takes no memory and no time: it stays so. */
  draw(editor: PaintableEditor, marked: Marked): void {
    const marks = marksOf(editor, marked);
    const { width, height } = editor.viewport;
    if (!this.#isBlank) this.#pen.clearRect(0, 0, width, height);
    this.#isBlank = marks.length === 0;
    for (const mark of marks) mark(this.#pen);
  }
}

/** From the lowest to the uppermost. */
function marksOf(editor: PaintableEditor, { hand, cursor, shown, frame, place }: Marked): ((pen: Pen) => void)[] {
  const { viewport, state, current } = editor;
  const { at, isTouch, isDown } = hand;
  const marks: ((pen: Pen) => void)[] = [];
  if (frame) marks.push((pen) => framed(pen, editor, frame));
  if (place)
    marks.push((pen) =>
      drawPlace(pen, editor, place, (from, to) =>
        outlined(pen, editor, () => pen.rect(...from, to[0] - from[0], to[1] - from[1])),
      ),
    );
  if (state.looking.zoom >= GRID_FROM) marks.push((pen) => grid(pen, editor));
  if (current && current.kind !== "stroke")
    marks.push((pen) => outlined(pen, editor, () => shape(pen, editor, current)));
  if (at && isBrush(state.tool) && !(isTouch && !isDown)) marks.push((pen) => brush(pen, editor, at));
  if (cursor) {
    const on = toScreen(cursor, state.looking, viewport);
    if (isBrush(state.tool)) marks.push((pen) => brush(pen, editor, on));
    marks.push((pen) => cross(pen, editor, on));
  }
  if (at && isTouch && isDown && state.tool !== "hand") marks.push((pen) => loupe(pen, editor, at, shown));
  return marks;
}

/** What the finished picture leaves out is dimmed; beyond the photo it shows its background, where that is a colour. */
function framed(pen: Pen, editor: PaintableEditor, frame: Frame): void {
  const { viewport, state, photo } = editor;
  const { background } = state.recipe;
  const inside = onScreen(editor, frame);
  pen.save();
  pen.beginPath();
  pen.rect(...inside);
  pen.clip();
  pen.fillStyle = background.kind === "colour" ? background.colour : "transparent";
  around(pen, viewport, onScreen(editor, { left: 0, top: 0, right: photo.size[1], bottom: photo.size[0] }));
  pen.restore();
  pen.fillStyle = "rgb(20 26 25 / 0.55)";
  around(pen, viewport, inside);
  pen.setLineDash([6 * viewport.ratio, 4 * viewport.ratio]);
  outlined(pen, editor, () => pen.rect(...inside));
  pen.setLineDash([]);
}

type Rectangle = readonly [x: number, y: number, width: number, height: number];

function onScreen({ viewport, state }: PaintableEditor, { left, top, right, bottom }: Frame): Rectangle {
  const [x0, y0] = toScreen([left, top], state.looking, viewport);
  const [x1, y1] = toScreen([right, bottom], state.looking, viewport);
  return [x0, y0, x1 - x0, y1 - y0];
}

/** Fills the screen but for a rectangle. */
function around(pen: Pen, { width, height }: { width: number; height: number }, but: Rectangle): void {
  pen.beginPath();
  pen.rect(0, 0, width, height);
  pen.rect(...but);
  pen.fill("evenodd");
}

/** Two lines, dark on light, are seen on any picture. */
function outlined(pen: Pen, { viewport: { ratio } }: PaintableEditor, path: () => void): void {
  for (const [width, colour] of [
    [3, "rgb(255 255 255 / 0.9)"],
    [1, "rgb(0 0 0 / 0.9)"],
  ] as const) {
    pen.lineWidth = width * ratio;
    pen.strokeStyle = colour;
    pen.beginPath();
    path();
    pen.stroke();
  }
}

function brush(pen: Pen, editor: PaintableEditor, [x, y]: Point): void {
  const { brush: shape, looking } = editor.state;
  const radius = Math.max(1, (shape.diameter_px / 2) * looking.zoom);
  outlined(pen, editor, () => pen.arc(x, y, radius, 0, 2 * Math.PI));
}

function cross(pen: Pen, editor: PaintableEditor, [x, y]: Point): void {
  const arm = CROSS * editor.viewport.ratio;
  outlined(pen, editor, () => {
    pen.moveTo(x - arm, y);
    pen.lineTo(x + arm, y);
    pen.moveTo(x, y - arm);
    pen.lineTo(x, y + arm);
  });
}

function shape(pen: Pen, { state: { looking }, viewport }: PaintableEditor, act: Act): void {
  if (act.kind === "rectangle") {
    const [left, top] = toScreen([act.box[0], act.box[1]], looking, viewport);
    const [right, bottom] = toScreen([act.box[2], act.box[3]], looking, viewport);
    pen.rect(left, top, right - left, bottom - top);
    return;
  }
  for (const [x, y] of act.points) pen.lineTo(...toScreen([x, y], looking, viewport));
  pen.closePath();
}

function grid(pen: Pen, { state: { looking }, viewport, photo }: PaintableEditor): void {
  const [top, left, bottom, right] = visibleBox(looking, viewport, photo.size);
  const [x0, y0] = toScreen([left, top], looking, viewport);
  const [x1, y1] = toScreen([right, bottom], looking, viewport);
  pen.lineWidth = 1;
  pen.strokeStyle = "rgb(128 128 128 / 0.5)";
  pen.beginPath();
  for (let x = left; x <= right; x++) {
    const at = Math.round(toScreen([x, 0], looking, viewport)[0]) + 0.5;
    pen.moveTo(at, y0);
    pen.lineTo(at, y1);
  }
  for (let y = top; y <= bottom; y++) {
    const at = Math.round(toScreen([0, y], looking, viewport)[1]) + 0.5;
    pen.moveTo(x0, at);
    pen.lineTo(x1, at);
  }
  pen.stroke();
}

/** What the finger hides, in the upper corner that is further from it. */
function loupe(pen: Pen, editor: PaintableEditor, [x, y]: Point, shown: CanvasImageSource): void {
  const { width, ratio } = editor.viewport;
  const radius = LOUPE * ratio;
  const middle: Point = [x < width / 2 ? width - radius - GAP * ratio : radius + GAP * ratio, radius + GAP * ratio];
  const seen = radius / LARGER;
  pen.save();
  pen.beginPath();
  pen.arc(...middle, radius, 0, 2 * Math.PI);
  pen.clip();
  pen.fillStyle = "Canvas";
  pen.fillRect(middle[0] - radius, middle[1] - radius, 2 * radius, 2 * radius);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(
    shown,
    x - seen,
    y - seen,
    2 * seen,
    2 * seen,
    middle[0] - radius,
    middle[1] - radius,
    2 * radius,
    2 * radius,
  );
  pen.restore();
  outlined(pen, editor, () => pen.arc(...middle, radius, 0, 2 * Math.PI));
  const size = (editor.state.brush.diameter_px / 2) * editor.state.looking.zoom * LARGER;
  if (isBrush(editor.state.tool) && size < radius)
    outlined(pen, editor, () => pen.arc(...middle, size, 0, 2 * Math.PI));
}
