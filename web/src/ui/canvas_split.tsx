/** The divider between before and after: dragged, or moved by arrow keys. */
import type { CSSProperties } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PaintableEditor } from "../editor/paintable.ts";

/** Of the width, what an arrow key moves by. */
const STEP = 0.02;
/** CSS pixels that can be taken hold of. */
const GRIP = 44;

const LINE: CSSProperties = {
  position: "absolute",
  insetBlock: 0,
  left: "50%",
  width: "3px",
  marginLeft: "-1.5px",
  background: "#fff",
  boxShadow: "0 0 0 1px rgb(0 0 0 / 0.6), 0 0 8px rgb(0 0 0 / 0.4)",
  pointerEvents: "none",
};
/** Below the middle, where it hides the least of a face. */
const KNOB: CSSProperties = {
  position: "absolute",
  left: 0,
  top: "62%",
  width: `${GRIP}px`,
  height: `${GRIP}px`,
  marginTop: `${-GRIP / 2}px`,
  filter: "drop-shadow(0 1px 3px rgb(0 0 0 / 0.5))",
};

export function SplitHandle({ editor, label }: { editor: PaintableEditor; label: string }) {
  const [split, show] = useState(editor.state.looking.split);
  useEffect(() => editor.subscribe(() => show(editor.state.looking.split)), [editor]);
  if (split === null) return null;
  const move = (to: number): void => editor.look({ split: Math.min(1, Math.max(0, to)) });
  const percent = Math.round(split * 100);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      style={{
        position: "absolute",
        insetBlock: 0,
        left: `calc(${split * 100}% - ${GRIP / 2}px)`,
        width: `${GRIP}px`,
        cursor: "ew-resize",
        touchAction: "none",
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const { left, width } = event.currentTarget.parentElement!.getBoundingClientRect();
        move((event.clientX - left) / width);
      }}
      onKeyDown={(event) => {
        const to = moved(event.key, split);
        if (to === null) return;
        event.preventDefault();
        event.stopPropagation();
        move(to);
      }}
    >
      <div style={LINE} />
      <svg style={KNOB} viewBox="0 0 40 40" aria-hidden="true">
        <circle cx="20" cy="20" r="18" fill="#fff" stroke="rgb(0 0 0 / 0.6)" stroke-width="1.5" />
        <path d="M15 13 8 20l7 7M25 13l7 7-7 7" fill="none" stroke="#16211f" stroke-width="2.5" />
      </svg>
    </div>
  );
}

/** Left is before, whatever way a language is written: it divides a picture. */
function moved(key: string, split: number): number | null {
  if (key === "ArrowLeft" || key === "ArrowDown") return split - STEP;
  if (key === "ArrowRight" || key === "ArrowUp") return split + STEP;
  if (key === "Home") return 0;
  return key === "End" ? 1 : null;
}
