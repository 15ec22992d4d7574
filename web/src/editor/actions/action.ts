/** A command of the editor: the one record that its button, its key, its menu entry and its test run. */
import type { EditorState } from "../editor.ts";
import type { PaintableEditor } from "../paintable.ts";

export interface Action {
  readonly name: string;
  /** In English; the page has the words of the person's language by `name`. */
  readonly label: string;
  readonly group: "tool" | "history" | "view" | "brush";
  /** As `keymap.ts` reads them: `Mod+Shift+Z`, where Mod is Ctrl, or Cmd on a Mac. */
  readonly shortcuts: readonly string[];
  readonly isEnabled?: (state: EditorState) => boolean;
  /** For commands that are on or off. */
  readonly isPressed?: (state: EditorState) => boolean;
  readonly perform: (editor: PaintableEditor) => unknown;
  /** For commands that last as long as they are held. */
  readonly release?: (editor: PaintableEditor) => void;
}
