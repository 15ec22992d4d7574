import { frameOf, isWhole } from "../frame.ts";
import { fitted } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "fit",
  label: "Fit",
  group: "view",
  shortcuts: ["0"],
  perform: (editor) => {
    const { canvas, shadow } = editor.state.recipe;
    const frame = isWhole(canvas) ? null : frameOf(editor.matte, canvas, shadow, editor.keptBox.value);
    editor.look(fitted(editor.viewport, editor.photo.size, frame));
  },
};
