import { stepped } from "../brush_steps.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "brush-stronger",
  label: "More opacity",
  group: "brush",
  shortcuts: ["."],
  perform: (editor) => editor.brushWith({ opacity: stepped(editor.state.brush.opacity, 0.1) }),
};
