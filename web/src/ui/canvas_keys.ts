/**
 * Painting without a pointer. Enter shows a cursor; arrows move it (with Shift by single pixels), Enter dabs there, sets
 * the next corner of an outline or the other corner of a rectangle, Shift+Enter draws a line from the last dab or closes
 * the outline, Escape puts it away.
 */
import type { PaintableEditor } from "../editor/paintable.ts";
import type { StrokePoint } from "../editor/recipe.ts";
import { begun, continued, isBrush } from "../editor/tools.ts";
import type { Point } from "../editor/viewport.ts";
import { toScreen } from "../editor/viewport.ts";

/** CSS pixels that an arrow moves the cursor by. */
const STEP = 16;

const ARROWS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class KeyboardCursor {
  /** The photo's point, or null while it is not shown. */
  at: Point | null = null;
  #lastDab: StrokePoint | null = null;
  readonly #editor: PaintableEditor;
  readonly #moved: () => void;

  constructor(editor: PaintableEditor, moved: () => void) {
    this.#editor = editor;
    this.#moved = moved;
  }

  /** Whether the key was the cursor's. */
  handle(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const isTaken = event.key === "Enter" ? this.#enter(event.shiftKey) : this.#move(event.key, event.shiftKey);
    if (isTaken) this.#moved();
    return isTaken;
  }

  #enter(isShift: boolean): boolean {
    if (this.#editor.state.tool === "hand") return false;
    if (!this.at) this.at = this.#editor.state.looking.centre;
    else if (isBrush(this.#editor.state.tool)) this.#dab(isShift);
    else this.#corner(isShift);
    return true;
  }

  #move(key: string, isFine: boolean): boolean {
    if (!this.at) return false;
    if (key === "Escape") {
      if (this.#editor.current) this.#editor.bail();
      else this.at = null;
      return true;
    }
    const arrow = ARROWS[key];
    if (!arrow) return false;
    const { viewport, photo, state } = this.#editor;
    const step = isFine ? 1 : Math.max(1, (STEP * viewport.ratio) / state.looking.zoom);
    const [x, y] = [this.at[0] + arrow[0] * step, this.at[1] + arrow[1] * step];
    this.at = [Math.min(photo.size[1], Math.max(0, x)), Math.min(photo.size[0], Math.max(0, y))];
    const act = this.#editor.current;
    if (act?.kind === "rectangle") this.#editor.extend(continued(act, [[...this.at, 1]]));
    const [across, down] = toScreen(this.at, state.looking, viewport);
    const isSeen = across >= 0 && down >= 0 && across < viewport.width && down < viewport.height;
    if (!isSeen) this.#editor.look({ centre: this.at });
    return true;
  }

  #dab(isLine: boolean): void {
    const point: StrokePoint = [...this.at!, 1];
    const act = begun(this.#editor, isLine && this.#lastDab ? [this.#lastDab, point] : [point]);
    this.#lastDab = point;
    if (act) this.#commit(this.#editor.perform(act));
  }

  #corner(isLast: boolean): void {
    const point: StrokePoint = [...this.at!, 1];
    const act = this.#editor.current;
    if (!act) {
      const first = begun(this.#editor, [point]);
      if (first) this.#editor.begin(first);
      return;
    }
    this.#editor.extend(continued(act, [point]));
    if (isLast || act.kind === "rectangle") this.#commit(this.#editor.commit());
  }

  #commit(committed: Promise<void>): void {
    committed.catch((error: unknown) => this.#editor.complain(error));
  }
}
