/** Recipes as files, and the recipe that a photo begins with. */
import type { Settable } from "../../editor/editor.ts";
import { RECIPE_VERSION, type Recipe } from "../../editor/recipe.ts";
import { FeathercutError } from "../../errors.ts";
import { DEFAULTS } from "../../options.ts";
import type { Found, Photo } from "../../session.ts";

export const UNTOUCHED: Settable = {
  edge_shift: DEFAULTS.edge_shift,
  edge_softness: DEFAULTS.edge_softness,
  edge_contrast: DEFAULTS.edge_contrast,
  decontaminate: DEFAULTS.decontaminate,
  background: { kind: "transparent" },
  shadow: { kind: "none", angle_deg: 90, distance_px: 24, softness_px: 24, opacity: 0.4 },
  canvas: { crop: false, margin: "0", size: null, scale: null, position: null },
};

/** The recipe of a photo that nobody has touched. */
export function freshRecipe(photo: Photo, found: Found["recipe"], settings: Settable = UNTOUCHED): Recipe {
  return {
    feathercut: "recipe",
    version: RECIPE_VERSION,
    photo: { name: photo.name, size: photo.size, sha256: photo.sha256 },
    ...found,
    acts: [],
    ...settings,
  };
}

/** The part of a recipe that can be shared between photos. */
export function settingsOf(recipe: Recipe): Settable {
  const { edge_shift, edge_softness, edge_contrast, decontaminate, background, shadow, canvas } = recipe;
  return { edge_shift, edge_softness, edge_contrast, decontaminate, background, shadow, canvas };
}

export function isRecipeFile(file: File): boolean {
  return /\.json$/i.test(file.name) || file.type === "application/json";
}

/** Raises FeathercutError where the file is not a recipe, or of a later version. */
export async function readRecipe(file: Blob): Promise<Recipe> {
  let value: Partial<Recipe> | null;
  try {
    value = JSON.parse(await file.text()) as Partial<Recipe> | null;
  } catch (error) {
    throw new FeathercutError("recipe", "This file is not a recipe: it is not JSON", { cause: error });
  }
  if (value?.feathercut !== "recipe" || !Array.isArray(value.acts) || !value.photo)
    throw new FeathercutError("recipe", "This file is not a recipe of Feathercut");
  if (value.version !== RECIPE_VERSION)
    throw new FeathercutError("recipe", `This recipe has version ${value.version}; this page reads ${RECIPE_VERSION}`);
  return { ...UNTOUCHED, predictions: [], presence: DEFAULTS.presence, specks: DEFAULTS.specks, ...value } as Recipe;
}
