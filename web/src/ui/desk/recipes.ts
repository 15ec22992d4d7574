/** Recipes as files, and the recipe that a photo begins with. */
import type { Settable } from "../../editor/editor.ts";
import type { Recipe } from "../../editor/recipe.ts";
import { CANVAS, NO_SHADOW, newRecipe } from "../../editor/recipe_file.ts";
import { DEFAULTS } from "../../options.ts";
import type { Found, Photo } from "../../session.ts";

/** What photos can share: which subject is meant, what it lets through, and how its matte is made, is a photo's own. */
export type Shared = Omit<Settable, "subject" | "transparency" | "low_resolution" | "method" | "screen" | "despill">;

export const UNTOUCHED: Shared = {
  edge_shift: DEFAULTS.edge_shift,
  edge_softness: DEFAULTS.edge_softness,
  edge_contrast: DEFAULTS.edge_contrast,
  decontaminate: DEFAULTS.decontaminate,
  background: { kind: "transparent" },
  shadow: NO_SHADOW,
  reflection: DEFAULTS.reflection,
  canvas: CANVAS,
};

/** The recipe of a photo that nobody has touched, with settings that were given to all. */
export function freshRecipe(photo: Photo, found: Found["recipe"], settings: Shared = UNTOUCHED): Recipe {
  return { ...newRecipe(photo, found), ...settings };
}

/** The part of a recipe that can be shared between photos. */
export function settingsOf(recipe: Recipe): Shared {
  const { edge_shift, edge_softness, edge_contrast, decontaminate, background, shadow, reflection, canvas } = recipe;
  return { edge_shift, edge_softness, edge_contrast, decontaminate, background, shadow, reflection, canvas };
}

export function isRecipeFile(file: File): boolean {
  return /\.json$/i.test(file.name) || file.type === "application/json";
}
