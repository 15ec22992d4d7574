import type { Action } from "./action.ts";

export const action: Action = {
  name: "erase",
  label: "Erase brush",
  group: "tool",
  shortcuts: ["E"],
  isPressed: (state) => state.tool === "erase",
  perform: (editor) => editor.choose("erase"),
};
