/** What a tool makes of places on the photo: the acts that pointers and keys begin and go on with. */
import type { ToolName } from "./editor.ts";
import type { PaintableEditor } from "./paintable.ts";
import type { Act, Mode, StrokePoint } from "./recipe.ts";

const STROKES: Partial<Record<ToolName, { readonly mode: Mode; readonly is_smart: boolean }>> = {
  restore: { mode: "restore", is_smart: false },
  erase: { mode: "erase", is_smart: false },
  "smart-restore": { mode: "restore", is_smart: true },
  "smart-erase": { mode: "erase", is_smart: true },
};

export function isBrush(tool: ToolName): boolean {
  return STROKES[tool] !== undefined;
}

/** What the chosen tool begins at `points`, the last being where the hand is; null for the hand. `isSwapped` restores where it would erase. */
export function begun(editor: PaintableEditor, points: readonly StrokePoint[], isSwapped = false): Act | null {
  const { tool, brush } = editor.state;
  const stroke = STROKES[tool];
  if (stroke) return { kind: "stroke", ...stroke, mode: swapped(stroke.mode, isSwapped), ...brush, points };
  const mode = swapped(editor.shapeMode, isSwapped);
  const [x, y] = points.at(-1)!;
  if (tool === "lasso") return { kind: "lasso", mode, points: [[x, y]] };
  if (tool === "rectangle") return { kind: "rectangle", mode, box: [x, y, x, y] };
  return null;
}

/** What `act` goes on with at `points`. */
export function continued(act: Act, points: readonly StrokePoint[]): Act {
  if (act.kind === "stroke") return { ...act, points };
  if (act.kind === "lasso") return { ...act, points: points.map(([x, y]) => [x, y]) };
  const [left, top] = act.box;
  const [right, bottom] = points.at(-1)!;
  return { ...act, box: [left, top, right, bottom] };
}

function swapped(mode: Mode, isSwapped: boolean): Mode {
  if (!isSwapped) return mode;
  return mode === "erase" ? "restore" : "erase";
}
