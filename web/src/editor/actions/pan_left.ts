import { stepAside } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "pan-left",
  label: "Look left",
  group: "view",
  shortcuts: ["ArrowLeft"],
  perform: (editor) => editor.look(stepAside(editor, 1, 0)),
};
