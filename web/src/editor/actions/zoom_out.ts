import { ZOOM_STEP } from "../viewport.ts";
import type { Action } from "./action.ts";

export const action: Action = {
  name: "zoom-out",
  label: "Zoom out",
  group: "view",
  shortcuts: ["-"],
  perform: (editor) => editor.look({ zoom: editor.state.looking.zoom / ZOOM_STEP }),
};
