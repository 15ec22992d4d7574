/**
 * Hands on the canvas: mouse, pen and fingers. One paints, two fingers move and zoom and never paint, and beside a pen no
 * finger does anything: it is the palm.
 */
import type { PaintableEditor } from "../editor/paintable.ts";
import type { StrokePoint } from "../editor/recipe.ts";
import { begun, continued, isBrush } from "../editor/tools.ts";
import { type Point, panned, toPhoto, zoomedAt } from "../editor/viewport.ts";

/** So long after the pen a touch is the palm's. */
const PALM_MS = 500;
/** Of a pen's buttons, the one at its other end. */
const ERASER = 32;
/** Zoom of a notch of the wheel (100 px) is e to the 0.15; pinching on a trackpad sends a sixth of that. */
const WHEEL = 0.0015;
const PINCH = 0.01;
const LINE_PX = 16;

export interface Hand {
  /** Where it is, in device pixels, or null once it has left. */
  readonly at: Point | null;
  readonly isTouch: boolean;
  readonly isDown: boolean;
}

type Doing = "nothing" | "painting" | "panning" | "pinching";

export class Pointing {
  hand: Hand = { at: null, isTouch: false, isDown: false };
  /** Space is held: the hand moves the photo. */
  isSpaceHeld = false;
  #doing: Doing = "nothing";
  #fingers = new Map<number, Point>();
  #last: Point | null = null;
  #lastPainted: StrokePoint | null = null;
  #penAt = -Infinity;
  #pointer: number | null = null;
  readonly #editor: PaintableEditor;
  readonly #element: HTMLElement;
  readonly #moved: () => void;

  constructor(editor: PaintableEditor, element: HTMLElement, moved: () => void) {
    this.#editor = editor;
    this.#element = element;
    this.#moved = moved;
  }

  down(event: PointerEvent): void {
    if (this.#isPalm(event)) return;
    const at = this.#place(event);
    this.#element.setPointerCapture?.(event.pointerId);
    if (event.pointerType === "touch") this.#fingers.set(event.pointerId, at);
    if (this.#fingers.size === 2) this.#pinch();
    if (this.#fingers.size >= 2 || this.#doing !== "nothing") return;
    this.#pointer = event.pointerId;
    this.#last = at;
    const isHand = event.button === 1 || this.isSpaceHeld || this.#editor.state.tool === "hand";
    if (isHand) this.#doing = "panning";
    else if (event.button === 0 || event.buttons & ERASER) this.#paint(event);
    this.#handAt(event, at, true);
  }

  move(event: PointerEvent): void {
    if (this.#isPalm(event)) return;
    const at = this.#place(event);
    const isFinger = this.#fingers.has(event.pointerId);
    if (isFinger && this.#doing !== "pinching") this.#fingers.set(event.pointerId, at);
    if (isFinger && this.#doing === "pinching") this.#pinched(event.pointerId, at);
    else if (event.pointerId === this.#pointer && this.#doing === "panning") this.#pan(at);
    else if (event.pointerId === this.#pointer && this.#doing === "painting") this.#goOn(event);
    this.#handAt(event, at, event.pointerId === this.#pointer && this.#doing !== "nothing");
  }

  up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#doing === "pinching" && this.#fingers.size === 0) this.#doing = "nothing";
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    if (this.#doing === "painting") void this.#editor.commit().catch((error: unknown) => this.#editor.complain(error));
    if (this.#doing !== "pinching") this.#doing = "nothing";
    const isGone = event.pointerType === "touch";
    this.hand = { at: isGone ? null : this.#place(event), isTouch: isGone, isDown: false };
    this.#moved();
  }

  cancel(event: PointerEvent): void {
    if (event.pointerId === this.#pointer && this.#doing === "painting") {
      this.#editor.bail();
      this.#doing = "nothing";
    }
    this.up(event);
  }

  leave(): void {
    if (this.hand.isDown) return;
    this.hand = { ...this.hand, at: null };
    this.#moved();
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const { viewport, photo, state } = this.#editor;
    const unit = event.deltaMode === 0 ? 1 : LINE_PX;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (!event.ctrlKey && (event.shiftKey || dx !== 0)) {
      const [across, down] = event.shiftKey && dx === 0 ? [dy, 0] : [dx, dy];
      this.#editor.look(panned(-across * viewport.ratio, -down * viewport.ratio, state.looking, viewport, photo.size));
      return;
    }
    const factor = Math.exp(-dy * (event.ctrlKey ? PINCH : WHEEL));
    this.#editor.look(zoomedAt(this.#place(event), factor, state.looking, viewport, photo.size));
  }

  #paint(event: PointerEvent): void {
    const point = this.#point(event);
    const isLine = event.shiftKey && this.#lastPainted !== null && isBrush(this.#editor.state.tool);
    const points = isLine ? [this.#lastPainted!, point] : [point];
    const act = begun(this.#editor, points, event.altKey !== Boolean(event.buttons & ERASER));
    if (!act) return;
    this.#doing = "painting";
    this.#lastPainted = point;
    this.#editor.begin(act);
  }

  #goOn(event: PointerEvent): void {
    const act = this.#editor.current;
    if (!act) return; // abandoned by Escape: the rest of the gesture is nothing
    // Between two frames a pen is read several times.
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length ? events : [event]).map((one) => this.#point(one));
    this.#lastPainted = points.at(-1)!;
    this.#editor.extend(continued(act, points));
  }

  #pan(at: Point): void {
    const { viewport, photo, state } = this.#editor;
    const [x, y] = this.#last!;
    this.#last = at;
    this.#editor.look(panned(at[0] - x, at[1] - y, state.looking, viewport, photo.size));
  }

  #pinch(): void {
    if (this.#doing === "painting") this.#editor.bail();
    this.#doing = "pinching";
    this.#pointer = null;
  }

  #pinched(id: number, at: Point): void {
    const before = middleAndSpan([...this.#fingers.values()]);
    this.#fingers.set(id, at);
    if (this.#fingers.size < 2) return;
    const after = middleAndSpan([...this.#fingers.values()]);
    const { viewport, photo, state } = this.#editor;
    const [dx, dy] = [after.middle[0] - before.middle[0], after.middle[1] - before.middle[1]];
    const moved = panned(dx, dy, state.looking, viewport, photo.size);
    const factor = before.span > 0 ? after.span / before.span : 1;
    this.#editor.look(zoomedAt(after.middle, factor, moved, viewport, photo.size));
  }

  #isPalm(event: PointerEvent): boolean {
    if (event.pointerType === "pen") this.#penAt = event.timeStamp;
    return event.pointerType === "touch" && event.timeStamp - this.#penAt < PALM_MS;
  }

  #point(event: PointerEvent): StrokePoint {
    const [x, y] = toPhoto(this.#place(event), this.#editor.state.looking, this.#editor.viewport);
    return [x, y, event.pointerType === "pen" && event.pressure > 0 ? event.pressure : 1];
  }

  #place(event: MouseEvent): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    const { ratio } = this.#editor.viewport;
    return [(event.clientX - left) * ratio, (event.clientY - top) * ratio];
  }

  #handAt(event: PointerEvent, at: Point, isDown: boolean): void {
    this.hand = { at, isTouch: event.pointerType === "touch", isDown };
    this.#moved();
  }
}

function middleAndSpan(points: readonly Point[]): { readonly middle: Point; readonly span: number } {
  const [one, two = one] = points as [Point, Point?];
  return {
    middle: [(one[0] + two[0]) / 2, (one[1] + two[1]) / 2],
    span: Math.hypot(one[0] - two[0], one[1] - two[1]),
  };
}
