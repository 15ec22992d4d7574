/** Keys of the page; those of the picture are the editor's own. */
import { useEffect } from "preact/hooks";
import { words } from "../strings/words.ts";
import type { Page } from "./context.ts";
import { written } from "./keyboard_names.ts";
import { handleKey } from "./wiring.ts";

interface PageShortcut {
  readonly label: string;
  readonly keys: readonly string[];
  perform?(page: Page): void;
}

const { keys: names } = words.shortcuts;

export const PAGE_SHORTCUTS: readonly PageShortcut[] = [
  { label: names.choose, keys: ["Control+O"], perform: (page) => page.chooseFiles() },
  { label: names.paste, keys: ["Control+V"] },
  {
    label: names.download,
    keys: ["Control+S"],
    perform: ({ desk, shown }) => desk.state.value.items.length && shown.change({ dialog: "download" }),
  },
  { label: names.next, keys: ["PageDown"], perform: (page) => go(page, 1) },
  { label: names.previous, keys: ["PageUp"], perform: (page) => go(page, -1) },
  { label: names.sheet, keys: ["?"], perform: ({ shown }) => shown.change({ dialog: "shortcuts" }) },
  { label: names.escape, keys: ["Escape"] },
];

function go({ desk }: Page, by: number): void {
  const { items, selected } = desk.state.value;
  const next = items[items.findIndex(({ key }) => key === selected) + by];
  if (next) void desk.select(next.key);
}

/** Keys go to the page's own first, then to the editor; none is taken from a field or a dialog. */
export function useKeyboard(page: Page): void {
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector("dialog[open]") || isTyping(event)) return;
      const shortcut = PAGE_SHORTCUTS.find(({ keys }) => keys.includes(written(event)));
      if (event.type === "keydown" && shortcut?.perform) {
        event.preventDefault();
        shortcut.perform(page);
        return;
      }
      const editor = page.desk.state.value.opened?.editor;
      if (editor && !page.shown.value.isExplaining && handleKey(event, editor)) event.preventDefault();
    };
    for (const kind of ["keydown", "keyup"] as const) document.addEventListener(kind, heard);
    return () => {
      for (const kind of ["keydown", "keyup"] as const) document.removeEventListener(kind, heard);
    };
  }, [page]);
}

/** Whether the key belongs to what has the focus: text, a number, or something that arrows, space and Enter work. */
function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as Element | null;
  if (!at?.matches) return false;
  if (at.matches("input[type=text], input[type=number], textarea, select, [contenteditable=true]")) return true;
  const isWorked = at.matches("input, button, summary, a, [role=tab]");
  return isWorked && /^(Arrow\w+|Home|End|PageUp|PageDown| |Enter)$/.test(event.key) && !event.ctrlKey;
}
