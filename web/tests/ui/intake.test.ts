import { expect, test } from "vitest";
import { takeIn } from "../../src/ui/desk/intake.ts";

const RECIPE = { feathercut: "recipe", version: 1, acts: [], photo: { name: "cat.jpg", size: [1, 1], sha256: "7" } };
const file = (name: string, text = ""): File => new File([text], name);
const recipe = (change: object = {}): File => file("cat.feathercut.json", JSON.stringify({ ...RECIPE, ...change }));

test("a recipe goes to the photo that it names", async () => {
  const { photos, recipes } = await takeIn([file("dog.jpg"), recipe(), file("cat.jpg")]);
  expect(photos.map(({ name, recipe }) => [name, recipe?.photo.sha256])).toEqual([
    ["dog.jpg", undefined],
    ["cat.jpg", "7"],
  ]);
  expect(recipes).toEqual([]);
});

test("one photo and one recipe belong together whatever the names", async () => {
  const { photos } = await takeIn([file("renamed.jpg"), recipe()]);
  expect(photos[0]!.recipe?.photo.name).toBe("cat.jpg");
});

test("a recipe alone waits for its photo", async () => {
  const { photos, recipes } = await takeIn([recipe()]);
  expect([photos.length, recipes.length]).toEqual([0, 1]);
});

test.each([file("a.json", "{"), file("b.json", "[1]"), recipe({ version: 99 })])("%o is refused", async (bad) => {
  const { errors, recipes } = await takeIn([bad]);
  expect(recipes).toEqual([]);
  expect(errors[0]).toMatchObject({ code: "recipe" });
});

test("a recipe with an act that cannot be replayed is refused as it is opened, and says which", async () => {
  const { errors, recipes } = await takeIn([recipe({ acts: [{ kind: "stroke", mode: "restore" }] })]);
  expect(recipes).toEqual([]);
  expect(errors[0]).toMatchObject({ code: "recipe", message: expect.stringContaining("act 1") });
});
