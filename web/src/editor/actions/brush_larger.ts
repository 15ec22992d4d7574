import { larger } from "../brush_steps.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "brush-larger",
  label: "Larger brush",
  group: "brush",
  shortcuts: ["]"],
  perform: (editor) => editor.brushWith({ diameter_px: larger(editor.state.brush.diameter_px) }),
};
