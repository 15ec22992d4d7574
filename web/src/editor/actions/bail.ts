import type { Action } from "./action.ts";

export const action: Action = {
  name: "bail",
  label: "Abandon",
  group: "history",
  shortcuts: ["Escape"],
  perform: (editor) => editor.bail(),
};
