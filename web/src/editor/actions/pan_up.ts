import { stepAside } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "pan-up",
  label: "Look up",
  group: "view",
  shortcuts: ["ArrowUp"],
  perform: (editor) => editor.look(stepAside(editor, 0, 1)),
};
