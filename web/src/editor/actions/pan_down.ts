import { stepAside } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "pan-down",
  label: "Look down",
  group: "view",
  shortcuts: ["ArrowDown"],
  perform: (editor) => editor.look(stepAside(editor, 0, -1)),
};
