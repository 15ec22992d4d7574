import type { Action } from "./action.ts";

export const action: Action = {
  name: "view-cutout",
  label: "Cutout",
  group: "view",
  shortcuts: ["C"],
  isPressed: (state) => state.looking.view === "cutout",
  perform: (editor) => editor.look({ view: "cutout" }),
};
