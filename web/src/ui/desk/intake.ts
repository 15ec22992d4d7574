/** Files from a drop, the clipboard, a chooser or another app, as one list. */
import type { Recipe } from "../../editor/recipe.ts";
import { readRecipe } from "../../editor/recipe_file.ts";
import { SHARED_CACHE } from "../../service/answers.ts";
import { isRecipeFile } from "./recipes.ts";

export interface Incoming {
  readonly file: Blob;
  readonly name: string;
  readonly recipe?: Recipe;
}

export interface Intake {
  readonly photos: readonly Incoming[];
  /** Recipes whose photo is not among these files. */
  readonly recipes: readonly Recipe[];
  readonly errors: readonly unknown[];
}

/** Pictures as they are; a recipe goes to the photo that it names. */
export async function takeIn(files: readonly File[]): Promise<Intake> {
  const recipes: Recipe[] = [];
  const errors: unknown[] = [];
  for (const file of files.filter(isRecipeFile)) {
    try {
      recipes.push(readRecipe(await file.text()));
    } catch (error) {
      errors.push(error);
    }
  }
  const photos: Incoming[] = [];
  for (const file of files.filter((each) => !isRecipeFile(each))) {
    const at = recipes.findIndex((recipe) => recipe.photo.name === file.name);
    const [recipe] = at < 0 ? [] : recipes.splice(at, 1);
    photos.push(recipe ? { file, name: file.name, recipe } : { file, name: file.name });
  }
  // One photo and one recipe were meant for each other, whatever the photo is called by now.
  if (photos.length === 1 && recipes.length === 1 && !photos[0]!.recipe)
    photos[0] = { ...photos[0]!, recipe: recipes.pop()! };
  return { photos, recipes, errors };
}

/** Files of a drop or a paste; a pasted picture without a name gets `name`. */
export function named(files: readonly File[], name: string): File[] {
  return files.map((file) =>
    /^image\.png$/.test(file.name) ? new File([file], `${name}.png`, { type: file.type }) : file,
  );
}

/** Photos that another app shared with this one: the service worker has kept them. */
export async function sharedFiles(): Promise<File[]> {
  if (typeof caches === "undefined") return [];
  const store = await caches.open(SHARED_CACHE);
  const files: File[] = [];
  for (const request of await store.keys()) {
    const answer = await store.match(request);
    await store.delete(request);
    if (!answer) continue;
    const name = decodeURIComponent(answer.headers.get("x-name") ?? "photo");
    files.push(new File([await answer.blob()], name, { type: answer.headers.get("content-type") ?? "" }));
  }
  return files;
}
