import { expect, test } from "vitest";
import { readRecipe, recipeText } from "../../src/editor/recipe_file.ts";
import { openEditor } from "./made.ts";

test("what glass lets through is one step back, and a recipe keeps it", async () => {
  const editor = openEditor();
  expect(editor.state.recipe.transparency).toBe("auto");
  await editor.letThrough("strong");
  expect(editor.state).toMatchObject({ undo_label: "transparency", recipe: { transparency: "strong" } });
  const recipe = readRecipe(recipeText(editor.state.recipe));
  expect(recipe.transparency).toBe("strong");
  const { transparency: _, ...older } = recipe;
  expect(readRecipe(JSON.stringify(older)).transparency).toBe("off");
  expect(() => readRecipe(JSON.stringify({ ...recipe, transparency: "perhaps" }))).toThrow("`transparency` must be");
  await editor.undo();
  expect(editor.state.recipe.transparency).toBe("auto");
});
