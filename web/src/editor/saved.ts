/** A document with its history as plain data: what a reload brings back. */
import type { Settable } from "./editor.ts";
import type { Act, Recipe } from "./recipe.ts";

export type SavedStep =
  | { readonly kind: "act"; readonly act: Act }
  | { readonly kind: "set"; readonly before: Partial<Settable>; readonly after: Partial<Settable> };

export interface Saved {
  /** As it stands: the acts are those of the first `position` steps. */
  readonly recipe: Recipe;
  readonly steps: readonly SavedStep[];
  /** How many steps are done; those after it can be done again. */
  readonly position: number;
}

/** An opened recipe whose acts can be undone one by one. */
export function savedFrom(recipe: Recipe): Saved {
  const steps = recipe.acts.map((act): SavedStep => ({ kind: "act", act }));
  return { recipe, steps, position: steps.length };
}
