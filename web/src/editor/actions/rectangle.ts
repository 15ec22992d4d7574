import type { Action } from "./action.ts";

export const action: Action = {
  name: "rectangle",
  label: "Rectangle",
  group: "tool",
  shortcuts: ["M"],
  isPressed: (state) => state.tool === "rectangle",
  perform: (editor) => editor.choose("rectangle"),
};
