import { fitted } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "fit",
  label: "Fit",
  group: "view",
  shortcuts: ["0"],
  perform: (editor) => editor.look(fitted(editor.viewport, editor.photo.size)),
};
