import type { Action } from "./action.ts";

export const action: Action = {
  name: "compare",
  label: "Hold to compare",
  group: "view",
  shortcuts: ["\\"],
  perform: (editor) => editor.hold({ view: "original", split: null }),
  release: (editor) => editor.release(),
};
