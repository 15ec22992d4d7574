import type { Action } from "./action.ts";

export const action: Action = {
  name: "view-matte",
  label: "Matte",
  group: "view",
  shortcuts: ["A"],
  isPressed: (state) => state.looking.view === "matte",
  perform: (editor) => editor.look({ view: "matte" }),
};
