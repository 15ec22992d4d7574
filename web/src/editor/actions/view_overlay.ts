import type { Action } from "./action.ts";

export const action: Action = {
  name: "view-overlay",
  label: "Overlay",
  group: "view",
  shortcuts: ["O"],
  isPressed: (state) => state.looking.view === "overlay",
  perform: (editor) => editor.look({ view: "overlay" }),
};
