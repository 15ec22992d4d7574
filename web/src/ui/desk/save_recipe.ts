import { words } from "../../strings/words.ts";
import type { Page } from "../context.ts";
import { save } from "./finishing.ts";
import { stem } from "./item.ts";

/** Saves what was done to the open photo as a file. */
export async function saveRecipe({ desk, notify }: Page): Promise<void> {
  const key = desk.state.value.selected;
  if (key !== null) await desk.whole(key);
  const recipe = key === null ? null : desk.recipe(key);
  if (!recipe) {
    notify(words.download.not_yet);
    return;
  }
  const name = words.download.recipe_name(stem(recipe.photo.name));
  save(new Blob([JSON.stringify(recipe)], { type: "application/json" }), name);
  notify(words.download.saved(name));
}
