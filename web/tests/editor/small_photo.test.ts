import { expect, test } from "vitest";
import { readRecipe, recipeText } from "../../src/editor/recipe_file.ts";
import { openEditor } from "./made.ts";

test("how a small photo's edges are made is one step back, and a recipe keeps it", async () => {
  const editor = openEditor();
  expect(editor.state.recipe.low_resolution).toBe("auto");
  await editor.solveEdges("off");
  expect(editor.state).toMatchObject({ undo_label: "edges of a small photo", recipe: { low_resolution: "off" } });
  const recipe = readRecipe(recipeText(editor.state.recipe));
  const { low_resolution, ...older } = { ...recipe, low_resolution: "auto" };
  expect(readRecipe(JSON.stringify({ ...older, low_resolution })).low_resolution).toBe("auto");
  expect(readRecipe(JSON.stringify(older)).low_resolution).toBe("off");
  expect(() => readRecipe(JSON.stringify({ ...recipe, low_resolution: "on" }))).toThrow("`low_resolution` must be");
  await editor.undo();
  expect(editor.state.recipe.low_resolution).toBe("auto");
});
