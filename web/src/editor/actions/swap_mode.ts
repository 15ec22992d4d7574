import type { ToolName } from "../editor.ts";
import type { Action } from "./action.ts";

const OTHER: Record<ToolName, ToolName> = {
  restore: "erase",
  erase: "restore",
  "smart-restore": "smart-erase",
  "smart-erase": "smart-restore",
  lasso: "lasso",
  rectangle: "rectangle",
  hand: "hand",
};

export const action: Action = {
  name: "swap-mode",
  label: "Restore or erase",
  group: "brush",
  shortcuts: ["X"],
  perform: (editor) => editor.choose(OTHER[editor.state.tool]),
};
