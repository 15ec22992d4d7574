/** What of the photo the finished picture shows: crop, margins, size and place, in px of the photo. */
import type { Box } from "../pictures.ts";
import { arrange, subjectBox } from "../steps/arrange.ts";
import { roomOf } from "../steps/shade.ts";
import type { EditedMatte } from "./matte.ts";
import { FULL } from "./matte.ts";
import type { Act, Canvas, Recipe, Shadow } from "./recipe.ts";

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Every so many pixels the matte is looked at for where the subject is, so many a side. */
const LOOKS = 1024;

/** Whether the finished picture is the photo's own frame. */
export function isWhole({ crop, size, scale, position }: Canvas): boolean {
  return !crop && size === null && scale === null && (position === null || position === "original");
}

/** Finds frames; what it found stays until the canvas, the shadow or the acts are others. */
export class Framing {
  #canvas: Canvas | null = null;
  #shadow: Shadow | null = null;
  #reflection = 0;
  #kept: Box | null = null;
  #acts: readonly Act[] = [];
  #subject = "all";
  #frame: Frame | null = null;

  /** Null where the finished picture is the photo's own frame, or cannot be made. */
  of(
    matte: EditedMatte,
    {
      canvas,
      acts,
      shadow,
      reflection,
      subject,
    }: Pick<Recipe, "canvas" | "acts" | "subject" | "shadow" | "reflection">,
    isBusy: boolean,
    kept: Box | null = null,
  ): Frame | null {
    if (isWhole(canvas)) return null;
    const isAround = this.#shadow === shadow && this.#reflection === reflection && this.#kept === kept;
    const isLaidOut = this.#canvas === canvas && isAround;
    const isSame =
      isLaidOut && this.#subject === subject && this.#acts.length === acts.length && this.#acts.at(-1) === acts.at(-1);
    if (isSame || (isBusy && isLaidOut)) return this.#frame;
    [this.#canvas, this.#acts, this.#subject] = [canvas, acts, subject];
    [this.#shadow, this.#reflection, this.#kept] = [shadow, reflection, kept];
    this.#frame = frameOf(matte, { canvas, shadow, reflection }, kept);
    return this.#frame;
  }
}

/** Where the canvas lies around the photo: beyond its borders where there are margins. `kept` is the box of the photo's own shadow. */
export function frameOf(
  matte: EditedMatte,
  around: Pick<Recipe, "canvas" | "shadow" | "reflection">,
  kept: Box | null = null,
): Frame | null {
  try {
    const box = boxOf(matte);
    const layout = arrange(matte.size, box, around.canvas, roomOf(around, box, kept));
    const down = (layout.source[2] - layout.source[0]) / layout.size[0];
    const across = (layout.source[3] - layout.source[1]) / layout.size[1];
    const top = layout.source[0] - layout.corner[0] * down;
    const left = layout.source[1] - layout.corner[1] * across;
    return { top, left, bottom: top + layout.canvas[0] * down, right: left + layout.canvas[1] * across };
  } catch {
    return null; // a canvas that no memory holds: the download says so
  }
}

function boxOf({ size, levels }: EditedMatte): readonly [number, number, number, number] {
  const step = Math.max(1, Math.floor(Math.max(...size) / LOOKS));
  const [rows, columns] = [Math.ceil(size[0] / step), Math.ceil(size[1] / step)];
  const seen = new Float32Array(rows * columns);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) seen[i++] = levels[y * step * size[1] + x * step]! / FULL;
  }
  const [top, left, bottom, right] = subjectBox(seen, [rows, columns]);
  return [top * step, left * step, Math.min(size[0], bottom * step), Math.min(size[1], right * step)];
}
