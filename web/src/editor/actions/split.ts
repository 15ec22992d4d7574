import type { Action } from "./action.ts";

export const action: Action = {
  name: "split",
  label: "Before and after",
  group: "view",
  shortcuts: ["S"],
  isPressed: (state) => state.looking.split !== null,
  perform: (editor) => editor.look({ split: editor.state.looking.split === null ? 0.5 : null }),
};
