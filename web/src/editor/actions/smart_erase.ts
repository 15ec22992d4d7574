import type { Action } from "./action.ts";

export const action: Action = {
  name: "smart-erase",
  label: "Smart erase brush",
  group: "tool",
  shortcuts: ["Shift+E"],
  isPressed: (state) => state.tool === "smart-erase",
  perform: (editor) => editor.choose("smart-erase"),
};
