/** Recipe and matte → the finished cutout and picture. */
import type { Background, Recipe } from "../editor/recipe.ts";
import { FeathercutError } from "../errors.ts";
import type { Cutout, Image, Matte } from "../pictures.ts";
import { cutOut, finish } from "../pipeline.ts";
import type { Around } from "../steps/compose.ts";
import { decode } from "../steps/decode.ts";
import { aroundOf, optionsOf } from "../steps/recipe_options.ts";
import { unpacked } from "./kept.ts";

export interface Finished {
  readonly cutout: Cutout;
  readonly picture: Image;
}

/** The subject and the picture that leaves. `matte` is what the recipe's acts made, before its sliders. */
export async function finished(photo: Image, recipe: Recipe, matte: Matte): Promise<Finished> {
  const [options, around] = [optionsOf(recipe), await surrounding(recipe)];
  const cutout = cutOut(photo, matte, options, around);
  return { cutout, picture: finish(cutout, photo, options, around) };
}

/** What stands behind and below the subject. Raises FeathercutError "recipe" for a picture that cannot be read. */
export async function surrounding(recipe: Recipe): Promise<Around> {
  const { background } = recipe;
  return aroundOf(recipe, background.kind === "picture" ? await pictureOf(background) : null);
}

async function pictureOf({ name, bytes }: Background & { kind: "picture" }): Promise<Image> {
  try {
    return (await decode(unpacked(bytes), name)).image;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FeathercutError("recipe", `The background cannot be used: ${why}`, { cause });
  }
}
