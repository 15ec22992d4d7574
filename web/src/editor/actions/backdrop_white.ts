import type { Action } from "./action.ts";

export const action: Action = {
  name: "backdrop-white",
  label: "On white",
  group: "view",
  shortcuts: ["W"],
  isPressed: (state) => state.looking.backdrop === "white",
  perform: (editor) => editor.look({ view: "cutout", backdrop: "white" }),
};
