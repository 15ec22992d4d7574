/** The open photo, to be looked at and painted on by mouse, pen, fingers or keys. Fills its parent. */
import type { CSSProperties } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PaintableEditor } from "../editor/paintable.ts";
import type { Place } from "../report.ts";
import { SplitHandle } from "./canvas_split.tsx";
import { type Stage, stage } from "./canvas_stage.ts";

/** What is said of the canvas. */
export interface CanvasWords {
  readonly label: string;
  readonly instructions: string;
  readonly divider: string;
  /** Where the keyboard's cursor is, in px, and how much of the subject is there, in per cent. */
  readonly cursor: (x: number, y: number, percent: number) => string;
  readonly cursor_gone: string;
}

const FILL: CSSProperties = { position: "absolute", inset: 0, width: "100%", height: "100%" };
const FRAME: CSSProperties = { ...FILL, overflow: "hidden", touchAction: "none", userSelect: "none" };
const LAYER: CSSProperties = { ...FILL, pointerEvents: "none" };
const UNSEEN: CSSProperties = {
  position: "absolute",
  width: "1px",
  height: "1px",
  overflow: "hidden",
  clipPath: "inset(50%)",
};

interface CanvasProps {
  readonly editor: PaintableEditor;
  readonly words: CanvasWords;
  /** A place that is shown over the picture. */
  readonly marked: Place | null;
  /** Called once the picture is on the screen. */
  readonly onSeen: () => void;
}

export function EditorCanvas({ editor, words, marked, onSeen }: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const on = useRef<Stage | null>(null);
  const [said, say] = useState("");
  const id = useId();
  // Before the browser draws: the picture would be an empty one first.
  useLayoutEffect(() => {
    const elements = { frame: frame.current!, picture: picture.current!, marks: marks.current! };
    const moved = (): void => say(sentence(editor, staged.cursor.at, words));
    const staged = stage(editor, elements, { moved, seen: onSeen });
    on.current = staged;
    return () => staged.close();
  }, [editor, words]);
  useEffect(() => on.current?.mark(marked), [editor, marked]);
  return (
    <div style={FILL} class="canvas">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an application is worked with by keys */}
      <div ref={frame} style={FRAME} role="application" tabIndex={0} aria-label={words.label} aria-describedby={id}>
        <canvas ref={picture} style={LAYER} />
        <canvas ref={marks} style={LAYER} />
      </div>
      <SplitHandle editor={editor} label={words.divider} />
      <p id={id} style={UNSEEN}>
        {words.instructions}
      </p>
      <p style={UNSEEN} role="status">
        {said}
      </p>
    </div>
  );
}

function sentence(editor: PaintableEditor, at: readonly [number, number] | null, words: CanvasWords): string {
  if (!at) return words.cursor_gone;
  const [height, width] = editor.photo.size;
  const x = Math.min(width - 1, Math.floor(at[0]));
  const y = Math.min(height - 1, Math.floor(at[1]));
  return words.cursor(x, y, Math.round((editor.matte.levels[y * width + x]! / 65535) * 100));
}
