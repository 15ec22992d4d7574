import { expect, test } from "vitest";
import { readRecipe, recipeText } from "../../src/editor/recipe_file.ts";
import { alphaAt, openEditor, stroke } from "./made.ts";

test("a subject is dropped and taken back, and what was drawn stays", async () => {
  const editor = openEditor();
  await editor.perform(stroke("erase", [[50, 50, 1]]));
  await editor.chooseSubjects("2");
  expect(editor.state).toMatchObject({ is_busy: false, undo_label: "choice of subjects", recipe: { subject: "2" } });
  expect([alphaAt(editor, 100, 200), alphaAt(editor, 350, 200)]).toEqual([0, 1]);
  await editor.undo();
  expect(editor.state.recipe.subject).toBe("all");
  expect([alphaAt(editor, 100, 200), alphaAt(editor, 350, 200), alphaAt(editor, 50, 50)]).toEqual([1, 1, 0]);
  await editor.redo();
  expect([alphaAt(editor, 100, 200), alphaAt(editor, 350, 200)]).toEqual([0, 1]);
});

test("of two choices the later one stands, whichever answer comes first", async () => {
  const editor = openEditor();
  await Promise.all([editor.chooseSubjects("2"), editor.chooseSubjects("1")]);
  expect(editor.state.recipe.subject).toBe("1");
  expect([alphaAt(editor, 100, 200), alphaAt(editor, 350, 200)]).toEqual([1, 0]);
});

test("another matte has other subjects: the choice begins anew", async () => {
  const editor = openEditor();
  await editor.chooseSubjects("2");
  await editor.rebase(new Float32Array(300 * 400).fill(1), {
    predictions: [],
    presence: 0.4,
    specks: 0.05,
    edges: "photo",
  });
  expect(editor.state.recipe.subject).toBe("all");
  expect(alphaAt(editor, 100, 200)).toBe(1);
});

test("a recipe keeps the choice, and one from before there was any keeps all", async () => {
  const editor = openEditor();
  await editor.chooseSubjects("2");
  const recipe = readRecipe(recipeText(editor.state.recipe));
  expect(recipe.subject).toBe("2");
  const { subject: _, ...older } = recipe;
  expect(readRecipe(JSON.stringify(older)).subject).toBe("all");
  expect(() => readRecipe(JSON.stringify({ ...recipe, subject: "everyone" }))).toThrow("`subject` must be");
});
