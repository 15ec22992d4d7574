/** Makes the page's own parts: the desk, what is shown, how files come in and how things are said. */

import type { Recipe } from "../editor/recipe.ts";
import { FeathercutError } from "../errors.ts";
import { words } from "../strings/words.ts";
import type { Page, Shown } from "./context.ts";
import { Desk } from "./desk/desk.ts";
import { takeIn } from "./desk/intake.ts";
import { Store } from "./desk/store.ts";
import type { Surroundings } from "./desk/surroundings.ts";
import { type Said, say } from "./say.ts";

/** Notes go by themselves after this; errors stay until they are dismissed. */
const NOTE_MS = 6000;

export function createPage(surroundings: Surroundings): Page {
  const desk = new Desk(surroundings);
  const shown = new Store<Shown>({ dialog: null, isExplaining: false, notices: [] });
  /** Recipes whose photo has not come yet. */
  let orphans: readonly Recipe[] = [];
  let hasSaidStorage = false;
  let keys = 0;

  function tell(kind: "note" | "error", said: Said, action?: Parameters<Page["notify"]>[1]): void {
    const key = ++keys;
    const notice = action ? { key, kind, said, action } : { key, kind, said };
    shown.change({ notices: [...shown.value.notices.slice(-3), notice] });
    if (kind === "note" && !action) setTimeout(() => dismiss(shown, key), NOTE_MS);
  }

  async function takeFiles(files: readonly File[]): Promise<void> {
    if (!files.length) return page.notify(words.notices.nothing);
    const intake = await takeIn(files);
    for (const error of intake.errors) page.complain(error);
    const photos = intake.photos.map((photo) => {
      const recipe = photo.recipe ?? orphans.find((orphan) => orphan.photo.name === photo.name);
      orphans = orphans.filter((orphan) => orphan !== recipe);
      return recipe ? { ...photo, recipe } : photo;
    });
    desk.add(photos);
    for (const recipe of intake.recipes) {
      if (desk.apply(recipe)) continue;
      orphans = [...orphans, recipe];
      page.notify(words.notices.recipe_needs(recipe.photo.name));
    }
    if (photos.length) shown.change({ isExplaining: false, dialog: null });
  }

  const page: Page = {
    desk,
    preferences: surroundings.preferences,
    shown,
    chooseFiles: () => document.querySelector<HTMLInputElement>("#chooser")?.click(),
    takeFiles,
    notify: (text, action) => tell("note", { what: text, todo: "", detail: "" }, action),
    complain: (error) => {
      // Who stops something knows that it stopped.
      if (error instanceof DOMException && error.name === "AbortError") return;
      // Storage that refuses one photo refuses the next as well.
      if (isStorage(error) && hasSaidStorage) return;
      hasSaidStorage ||= isStorage(error);
      tell("error", say(error));
    },
  };
  return page;
}

function isStorage(error: unknown): boolean {
  return error instanceof FeathercutError && error.code === "storage";
}

export function dismiss(shown: Store<Shown>, key: number): void {
  shown.change({ notices: shown.value.notices.filter((notice) => notice.key !== key) });
}
