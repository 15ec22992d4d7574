/** Puts an editor on a canvas element: its size, its frames, hands and keys. Without a view library, so that it is not in the way while painting. */

import { Framing } from "../editor/frame.ts";
import type { PaintableEditor } from "../editor/paintable.ts";
import { Screen } from "../editor/screen/screen.ts";
import type { Place } from "../report.ts";
import { KeyboardCursor } from "./canvas_keys.ts";
import { Marks } from "./canvas_marks.ts";
import { decodePicture } from "./canvas_pictures.ts";
import { Pointing } from "./canvas_pointer.ts";

export interface Stage {
  readonly cursor: KeyboardCursor;
  /** Shows a place over the picture, or none. */
  mark(place: Place | null): void;
  close(): void;
}

interface Elements {
  readonly frame: HTMLElement;
  readonly picture: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
}

/** Who is told of what happens on a stage. */
interface Told {
  /** The keyboard's cursor was used. */
  moved(): void;
  /** The first picture is on the screen. */
  seen(): void;
}

export function stage(editor: PaintableEditor, elements: Elements, told: Told): Stage {
  const { frame, picture, marks } = elements;
  const show = picture.getContext("2d", { desynchronized: false })!;
  const drawn = new Marks(marks.getContext("2d")!);
  let asked = 0;
  let following: ReturnType<typeof setTimeout> | 0 = 0;
  let marked: Place | null = null;
  const need = (): void => {
    asked ||= requestAnimationFrame(draw);
  };
  const soon = (): void => {
    following ||= setTimeout(draw);
  };
  const screen = new Screen(editor, {
    need,
    soon,
    decode: decodePicture,
    isDark,
    trouble: (error) => editor.complain(error),
  });
  const framing = new Framing();
  const pointing = new Pointing(editor, frame, need);
  const cursor = new KeyboardCursor(editor, () => {
    need();
    told.moved();
  });
  let isSeen = false;

  function draw(): void {
    cancelAnimationFrame(asked);
    clearTimeout(following);
    [asked, following] = [0, 0];
    const box = screen.frame();
    if (box) put(show, screen.pixels, editor, box);
    if (box && !isSeen) {
      isSeen = true;
      onceShown(told.seen);
    }
    const { recipe, is_busy, looking } = editor.state;
    const finished = framing.of(editor.matte, recipe, editor.current !== null || is_busy, editor.keptBox.value);
    const around = looking.view === "original" ? null : finished;
    drawn.draw(editor, { hand: pointing.hand, cursor: cursor.at, shown: picture, frame: around, place: marked });
    frame.style.cursor = cursorOf(editor, pointing);
  }

  const stops = [
    listen(frame, pointing),
    heldSpace(frame, pointing, need),
    keys(frame, cursor),
    sized(editor, elements, soon),
    themed(() => screen.repaint()),
    editor.keptBox.subscribe(need),
  ];
  return {
    cursor,
    mark(place) {
      marked = place;
      need();
    },
    close() {
      cancelAnimationFrame(asked);
      clearTimeout(following);
      for (const stop of stops) stop();
      screen.close();
    },
  };
}

const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** What the person chose in the settings, else what the system says. */
function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme !== "light" && systemDark.matches);
}

/** Calls `heard` when light and dark change, by the system or by the settings. */
function themed(heard: () => void): () => void {
  const observer = new MutationObserver(heard);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  systemDark.addEventListener("change", heard);
  return () => {
    observer.disconnect();
    systemDark.removeEventListener("change", heard);
  };
}

function put(
  show: CanvasRenderingContext2D,
  pixels: Uint8ClampedArray<ArrayBuffer>,
  { viewport }: PaintableEditor,
  [top, left, bottom, right]: readonly [number, number, number, number],
): void {
  const image = new ImageData(pixels, viewport.width, viewport.height);
  show.putImageData(image, 0, 0, left, top, right - left, bottom - top);
}

function cursorOf(editor: PaintableEditor, pointing: Pointing): string {
  if (pointing.isSpaceHeld || editor.state.tool === "hand") return pointing.hand.isDown ? "grabbing" : "grab";
  return "crosshair";
}

function listen(frame: HTMLElement, pointing: Pointing): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  frame.addEventListener("pointerdown", (event) => pointing.down(event), { signal });
  frame.addEventListener("pointermove", (event) => pointing.move(event), { signal });
  frame.addEventListener("pointerup", (event) => pointing.up(event), { signal });
  frame.addEventListener("pointercancel", (event) => pointing.cancel(event), { signal });
  frame.addEventListener("pointerleave", () => pointing.leave(), { signal });
  frame.addEventListener("wheel", (event) => pointing.wheel(event), { signal, passive: false });
  frame.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  return () => stop.abort();
}

/** Space moves the photo wherever the focus is not on something that Space presses. */
function heldSpace(frame: HTMLElement, pointing: Pointing, need: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const hear = (event: KeyboardEvent): void => {
    if (event.key !== " " || (event.target !== frame && event.target !== document.body)) return;
    event.preventDefault();
    pointing.isSpaceHeld = event.type === "keydown";
    need();
  };
  addEventListener("keydown", hear, { signal });
  addEventListener("keyup", hear, { signal });
  addEventListener("blur", () => (pointing.isSpaceHeld = false), { signal });
  return () => stop.abort();
}

function keys(frame: HTMLElement, cursor: KeyboardCursor): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (event.target !== frame || !cursor.handle(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  frame.addEventListener("keydown", hear);
  return () => frame.removeEventListener("keydown", hear);
}

/** Calls `seen` once the browser has drawn what was just changed. */
function onceShown(seen: () => void): void {
  requestAnimationFrame(() => setTimeout(seen));
}

/**
 * Keeps canvases as large as their frame, in whole device pixels; `first` is called once they are. The browser says how
 * large it is when it has laid the page out: to ask before would have it lay all out at once.
 */
function sized(editor: PaintableEditor, { frame, picture, marks }: Elements, first: () => void): () => void {
  let isFirst = true;
  const measure = (): void => {
    if (isFirst) first();
    isFirst = false;
    const ratio = devicePixelRatio || 1;
    const width = Math.max(1, Math.round(frame.clientWidth * ratio));
    const height = Math.max(1, Math.round(frame.clientHeight * ratio));
    for (const canvas of [picture, marks]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    editor.resize({ width, height, ratio });
  };
  const observer = new ResizeObserver(measure);
  observer.observe(frame);
  return () => observer.disconnect();
}
