import { frameOf, isWhole } from "../frame.ts";
import { fitted } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "fit",
  label: "Fit",
  group: "view",
  shortcuts: ["0"],
  perform: (editor) => {
    const { recipe } = editor.state;
    const frame = isWhole(recipe.canvas) ? null : frameOf(editor.matte, recipe, editor.keptBox.value);
    editor.look(fitted(editor.viewport, editor.photo.size, frame));
  },
};
