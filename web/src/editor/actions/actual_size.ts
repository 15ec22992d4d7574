import type { Action } from "./action.ts";

export const action: Action = {
  name: "actual-size",
  label: "100 %",
  group: "view",
  shortcuts: ["1"],
  perform: (editor) => editor.look({ zoom: 1 }),
};
