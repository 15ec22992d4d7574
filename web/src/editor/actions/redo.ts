import type { Action } from "./action.ts";

export const action: Action = {
  name: "redo",
  label: "Redo",
  group: "history",
  shortcuts: ["Mod+Shift+Z", "Mod+Y"],
  isEnabled: (state) => state.can_redo,
  perform: (editor) => editor.redo(),
};
