/** Small photos and sessions for the editor's tests. */
import { createEditor } from "../../src/editor/document.ts";
import type { PaintableEditor } from "../../src/editor/paintable.ts";
import type { Mode, Stroke, StrokePoint } from "../../src/editor/recipe.ts";
import type { Saved } from "../../src/editor/saved.ts";
import type { Subjects } from "../../src/kernels/subjects.ts";
import { type Box, NO_METADATA, type Size } from "../../src/pictures.ts";
import type { Found, Photo, Session } from "../../src/session.ts";
import { numbersOf } from "../../src/steps/choose.ts";

/** What the editor asks for. `smart` answers 0.25 everywhere, `colours` pure red. */
export class StubSession implements Pick<Session, "smart" | "colours" | "base" | "subjects" | "shadow"> {
  readonly asked: Box[] = [];
  /** Where set, smart strokes wait for it. */
  answer: Promise<unknown> | null = null;

  async smart(...[, , , box, alpha]: Parameters<Session["smart"]>): Promise<Float32Array> {
    this.asked.push(box);
    await this.answer;
    return alpha.map(() => 0.25);
  }

  /** Of two subjects, the left half and the right quarter, those that the recipe names. */
  async base(...[photo, recipe]: Parameters<Session["base"]>): Promise<Float32Array> {
    const numbers = numbersOf(recipe.subject) ?? new Set([1, 2]);
    const width = photo.size[1];
    return Float32Array.from({ length: photo.size[0] * width }, (_, i) => {
      const x = i % width;
      return (numbers.has(1) && x < width / 2) || (numbers.has(2) && x >= 0.75 * width) ? 1 : 0;
    });
  }

  async subjects(): Promise<Subjects> {
    return { cell: 1, cells: [0, 0], labels: new Int32Array(), each: [] };
  }

  /** Half dark below the middle row. */
  async shadow(...[, , [height, width]]: Parameters<Session["shadow"]>): Promise<Float32Array> {
    return Float32Array.from({ length: height * width }, (_, i) => (i >= (height >> 1) * width ? 0.5 : 0));
  }

  async colours(...[, box]: Parameters<Session["colours"]>): Promise<Uint8Array> {
    const rgb = new Uint8Array((box[2] - box[0]) * (box[3] - box[1]) * 3);
    for (let i = 0; i < rgb.length; i += 3) rgb[i] = 255;
    return rgb;
  }
}

/** One colour all over. */
export function plainPhoto(size: Size, colour: readonly [number, number, number] = [0, 0, 255]): Photo {
  const rgb = new Uint8Array(size[0] * size[1] * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = colour[i % 3]!;
  return { id: 1, name: "a.jpg", sha256: "f00d", size, rgb, alpha: null, metadata: NO_METADATA, notes: [] };
}

export const FOUND: Found["recipe"] = { predictions: [], presence: 0.4, specks: 0.05, edges: "photo" };

/** The left half of a matte of `size` is the subject. */
export function halfMatte([height, width]: Size): Float32Array {
  return Float32Array.from({ length: height * width }, (_, i) => (i % width < width / 2 ? 1 : 0));
}

export function openEditor(
  size: Size = [300, 400],
  session: StubSession = new StubSession(),
  saved: Saved | null = null,
): PaintableEditor {
  return createEditor(session, plainPhoto(size), { alpha: halfMatte(size), recipe: FOUND }, saved);
}

export function stroke(mode: Mode, points: readonly StrokePoint[], change: Partial<Stroke> = {}): Stroke {
  return { kind: "stroke", mode, is_smart: false, diameter_px: 20, hardness: 0.5, opacity: 1, points, ...change };
}

/** Alpha at (x, y), 0 to 1. */
export function alphaAt(editor: PaintableEditor, x: number, y: number): number {
  return editor.matte.levels[y * editor.photo.size[1] + x]! / 65535;
}

/** Whether two arrays hold the same bytes: quicker than `toEqual`, which says where they differ. */
export function isSame(one: Float32Array | Uint16Array, other: Float32Array | Uint16Array): boolean {
  const bytes = (array: Float32Array | Uint16Array): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return Buffer.compare(bytes(one), bytes(other)) === 0;
}
