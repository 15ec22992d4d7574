import type { Action } from "./action.ts";

export const action: Action = {
  name: "take-away",
  label: "Outlines erase",
  group: "brush",
  shortcuts: ["Shift+X"],
  perform: (editor) => editor.shapeWith(editor.shapeMode === "erase" ? "restore" : "erase"),
};
