import { ZOOM_STEP } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "zoom-in",
  label: "Zoom in",
  group: "view",
  shortcuts: ["+", "="],
  perform: (editor) => editor.look({ zoom: editor.state.looking.zoom * ZOOM_STEP }),
};
