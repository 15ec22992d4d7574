import type { Action } from "./action.ts";

export const action: Action = {
  name: "smart-restore",
  label: "Smart restore brush",
  group: "tool",
  shortcuts: ["Shift+B"],
  isPressed: (state) => state.tool === "smart-restore",
  perform: (editor) => editor.choose("smart-restore"),
};
