import type { Action } from "./action.ts";

export const action: Action = {
  name: "backdrop-checker",
  label: "On a checker",
  group: "view",
  shortcuts: ["Shift+C"],
  isPressed: (state) => state.looking.backdrop === "checker",
  perform: (editor) => editor.look({ view: "cutout", backdrop: "checker" }),
};
