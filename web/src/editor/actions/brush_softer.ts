import { stepped } from "../brush_steps.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "brush-softer",
  label: "Softer brush",
  group: "brush",
  shortcuts: ["Shift+["],
  perform: (editor) => editor.brushWith({ hardness: stepped(editor.state.brush.hardness, -0.1) }),
};
