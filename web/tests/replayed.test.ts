/** Replays what Python's `tests/test_replaying.py` lays into the folder FEATHERCUT_REPLAY, and leaves the answer there. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Recipe } from "../src/editor/recipe.ts";
import { replay } from "../src/kernels/strokes/replay.ts";
import { type Image, NO_METADATA } from "../src/pictures.ts";
import { cutOut, finish, matteOf } from "../src/pipeline.ts";
import { draw } from "../src/steps/methods.ts";
import { aroundOf, optionsOf } from "../src/steps/recipe_options.ts";

const FOLDER = process.env.FEATHERCUT_REPLAY;

test.skipIf(!FOLDER)("a recipe is replayed", () => {
  const recipe = JSON.parse(readFileSync(`${FOLDER}/recipe.json`, "utf8")) as Recipe;
  const rgb = new Uint8Array(readFileSync(`${FOLDER}/photo.raw`));
  const raw = readFileSync(`${FOLDER}/prediction.raw`);
  const alpha = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
  const { size, inside, model, resample } = recipe.predictions[0]!;
  const photo: Image = { size: recipe.photo.size, rgb, alpha: null, metadata: NO_METADATA };
  const [options, around] = [optionsOf(recipe), aroundOf(recipe)];
  const drawn = options.method === "network" ? null : draw(photo, options);
  const base = matteOf(photo, [{ size, alpha, inside, model, resample }], options, drawn);
  const matte = { ...base, alpha: replay(base.alpha, photo, recipe.acts) };
  const picture = finish(cutOut(photo, matte, options, around), photo, options, around);
  const answer = new Uint8Array(4 * picture.size[0] * picture.size[1]);
  for (let i = 0; i < answer.length / 4; i++) {
    for (let c = 0; c < 3; c++) answer[4 * i + c] = picture.rgb[3 * i + c]!;
    answer[4 * i + 3] = picture.alpha ? picture.alpha[i]! : 255;
  }
  writeFileSync(`${FOLDER}/answer.raw`, answer);
  expect(answer.some((value) => value > 0)).toBe(true);
});
