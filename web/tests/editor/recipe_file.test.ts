import { expect, test } from "vitest";
import { newRecipe, readRecipe, recipeText } from "../../src/editor/recipe_file.ts";
import { FOUND, plainPhoto, stroke } from "./made.ts";

const RECIPE = { ...newRecipe(plainPhoto([30, 40]), FOUND), acts: [stroke("erase", [[1, 2, 0.5]])] };

test("a recipe is read as it was written", () => {
  expect(readRecipe(recipeText(RECIPE))).toEqual(RECIPE);
});

test("what an older recipe does not say has its default", () => {
  const { feathercut, version, photo } = RECIPE;
  const recipe = readRecipe(JSON.stringify({ feathercut, version, photo }));
  expect(recipe).toMatchObject({ acts: [], edge_shift: 0, decontaminate: 100, background: { kind: "transparent" } });
});

test.each([
  ["{", "not JSON"],
  ["[]", "not a recipe"],
  ["null", "not a recipe"],
  [JSON.stringify({ ...RECIPE, version: 9 }), "version 9"],
  [JSON.stringify({ ...RECIPE, photo: undefined }), "`photo`"],
  [JSON.stringify({ ...RECIPE, edge_shift: "1" }), "`edge_shift`"],
  [JSON.stringify({ ...RECIPE, acts: [{ kind: "stroke", mode: "erase" }] }), "act 1"],
  [JSON.stringify({ ...RECIPE, acts: [...RECIPE.acts, { ...RECIPE.acts[0], points: [[1, null, 1]] }] }), "act 2"],
])("a file that is no recipe says why: %s", (text, reason) => {
  expect(() => readRecipe(text)).toThrow(reason);
});
