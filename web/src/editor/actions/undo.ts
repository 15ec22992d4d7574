import type { Action } from "./action.ts";

export const action: Action = {
  name: "undo",
  label: "Undo",
  group: "history",
  shortcuts: ["Mod+Z"],
  isEnabled: (state) => state.can_undo,
  perform: (editor) => editor.undo(),
};
