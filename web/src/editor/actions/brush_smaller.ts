import { smaller } from "../brush_steps.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "brush-smaller",
  label: "Smaller brush",
  group: "brush",
  shortcuts: ["["],
  perform: (editor) => editor.brushWith({ diameter_px: smaller(editor.state.brush.diameter_px) }),
};
