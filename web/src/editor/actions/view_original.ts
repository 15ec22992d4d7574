import type { Action } from "./action.ts";

export const action: Action = {
  name: "view-original",
  label: "Original",
  group: "view",
  shortcuts: ["P"],
  isPressed: (state) => state.looking.view === "original",
  perform: (editor) => editor.look({ view: "original" }),
};
