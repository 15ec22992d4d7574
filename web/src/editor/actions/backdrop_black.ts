import type { Action } from "./action.ts";

export const action: Action = {
  name: "backdrop-black",
  label: "On black",
  group: "view",
  shortcuts: ["K"],
  isPressed: (state) => state.looking.backdrop === "black",
  perform: (editor) => editor.look({ view: "cutout", backdrop: "black" }),
};
