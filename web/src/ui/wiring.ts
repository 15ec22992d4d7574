/** Where the page meets the machinery and the editor: everything that it takes from them, in one place. */
export { ACTIONS, type Action, Canvas, createEditor, handleKey } from "./stub/editor.tsx";
export { createSession } from "./stub/session.ts";
