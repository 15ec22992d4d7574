/** Which key does what, derived from the actions. */
import { ACTIONS, type Action } from "./actions/index.ts";
import type { PaintableEditor } from "./paintable.ts";

/** What of a keyboard event counts. */
export type Key = Pick<
  KeyboardEvent,
  "type" | "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "repeat"
> & {
  readonly target?: EventTarget | null;
};

/** Keys that Shift turns into other signs, by where they lie: `Shift+[` is typed as `{`. */
const PLAIN: Record<string, string> = { BracketLeft: "[", BracketRight: "]", Backslash: "\\" };
/** Signs that need Shift on some keyboards: there Shift is part of the sign. */
const SIGNS = new Set(["+", "=", "-"]);

export const KEYMAP: ReadonlyMap<string, Action> = new Map(
  ACTIONS.flatMap((action) => action.shortcuts.map((shortcut) => [shortcut, action] as const)),
);

/** How a shortcut of the keymap writes this key. */
export function shortcutOf(event: Key): string {
  const sign = event.key.length === 1 ? (PLAIN[event.code] ?? event.key.toUpperCase()) : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && !SIGNS.has(sign)) parts.push("Shift");
  return [...parts, sign].join("+");
}

/** Performs what the key means: whether it means anything. Give it keydown and keyup both. */
export function handleKey(event: Key, editor: PaintableEditor): boolean {
  if (event.target && isWritten(event.target)) return false;
  const action = KEYMAP.get(shortcutOf(event));
  if (event.type === "keyup") {
    // Whoever lets go of the key may have let go of Shift before.
    const released = action ?? KEYMAP.get(event.key);
    released?.release?.(editor);
    return Boolean(released?.release);
  }
  if (!action || (event.repeat && action.release)) return action !== undefined;
  if (action.isEnabled?.(editor.state) === false) return true;
  void Promise.resolve(action.perform(editor)).catch((error: unknown) => editor.complain(error));
  return true;
}

/** Where keys are for writing: fields, and what is turned by arrow keys. */
function isWritten(target: EventTarget): boolean {
  const element = target as Partial<HTMLElement>;
  return ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName ?? "") || element.isContentEditable === true;
}
