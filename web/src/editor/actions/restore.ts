import type { Action } from "./action.ts";

export const action: Action = {
  name: "restore",
  label: "Restore brush",
  group: "tool",
  shortcuts: ["B"],
  isPressed: (state) => state.tool === "restore",
  perform: (editor) => editor.choose("restore"),
};
