/** Where the page meets the machinery and the editor: everything that it takes from them, in one place. */
export { ACTIONS, type Action, actionNamed } from "../editor/actions/index.ts";
export { autosave, forgetPhoto, keepPhoto, lastPhoto, lastSaved } from "../editor/autosave.ts";
export { createEditor } from "../editor/document.ts";
export { handleKey } from "../editor/keymap.ts";
export { savedFrom } from "../editor/saved.ts";
export { replay } from "../kernels/strokes/replay.ts";
export { createSession } from "../worker/session.ts";
export { EditorCanvas } from "./canvas.tsx";
