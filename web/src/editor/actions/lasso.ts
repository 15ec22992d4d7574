import type { Action } from "./action.ts";

export const action: Action = {
  name: "lasso",
  label: "Lasso",
  group: "tool",
  shortcuts: ["L"],
  isPressed: (state) => state.tool === "lasso",
  perform: (editor) => editor.choose("lasso"),
};
