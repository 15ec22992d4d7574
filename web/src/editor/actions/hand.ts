import type { Action } from "./action.ts";

export const action: Action = {
  name: "hand",
  label: "Hand",
  group: "tool",
  shortcuts: ["H"],
  isPressed: (state) => state.tool === "hand",
  perform: (editor) => editor.choose("hand"),
};
