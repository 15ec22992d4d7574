/** What every part of the page may ask for. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Editor } from "../editor/editor.ts";
import type { PaintableEditor } from "../editor/paintable.ts";
import type { Desk } from "./desk/desk.ts";
import type { Preferences } from "./desk/preferences.ts";
import { type Store, useWatched } from "./desk/store.ts";
import type { Said } from "./say.ts";

export type DialogName = "download" | "settings" | "shortcuts";

export interface Notice {
  readonly key: number;
  readonly kind: "note" | "error";
  readonly said: Said;
  readonly action?: { readonly label: string; readonly perform: () => void };
}

export interface Shown {
  readonly dialog: DialogName | null;
  readonly isExplaining: boolean;
  readonly notices: readonly Notice[];
}

export interface Page {
  readonly desk: Desk;
  readonly preferences: Store<Preferences>;
  readonly shown: Store<Shown>;
  /** Opens the browser's file chooser. */
  chooseFiles(): void;
  takeFiles(files: readonly File[]): Promise<void>;
  notify(text: string, action?: Notice["action"]): void;
  complain(error: unknown): void;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  return useContext(PageContext)!;
}

/** The editor of the open photo, once its picture is on the screen: what works on it is drawn after it, and never delays it. */
export function useSeenEditor(): PaintableEditor | null {
  return useWatched(usePage().desk.state, ({ opened }) => (opened?.isSeen ? opened.editor : null));
}

/** The editor of the open photo watched like a store. */
export function watchedEditor(editor: Editor): { readonly value: Editor["state"]; subscribe: Editor["subscribe"] } {
  return {
    get value() {
      return editor.state;
    },
    subscribe: (heard) => editor.subscribe(heard),
  };
}
