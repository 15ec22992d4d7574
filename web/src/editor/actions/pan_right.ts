import { stepAside } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "pan-right",
  label: "Look right",
  group: "view",
  shortcuts: ["ArrowRight"],
  perform: (editor) => editor.look(stepAside(editor, -1, 0)),
};
