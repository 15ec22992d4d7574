/** Recipes as text: written, and read with every field checked, so that what opens can be edited and replayed. */
import { FeathercutError } from "../errors.ts";
import { DEFAULTS, OPTIONS } from "../options.ts";
import type { Found, Photo } from "../session.ts";
import { numbersOf } from "../steps/choose.ts";
import { type Act, type Canvas, RECIPE_VERSION, type Recipe, type Shadow } from "./recipe.ts";

export const NO_SHADOW: Shadow = { kind: "none", angle_deg: 90, distance_px: 24, softness_px: 24, opacity: 0.4 };

export const CANVAS: Canvas = {
  crop: DEFAULTS.crop,
  margin: DEFAULTS.margin,
  size: DEFAULTS.size,
  scale: DEFAULTS.scale,
  position: DEFAULTS.position,
};

/** What recipes meant before there was a choice. */
export const UNSAID = { low_resolution: "off", transparency: "off" } as const;

/** The recipe of a photo that nobody has touched yet. */
export function newRecipe(photo: Photo, found: Found["recipe"]): Recipe {
  return {
    feathercut: "recipe",
    version: RECIPE_VERSION,
    photo: { name: photo.name, size: photo.size, sha256: photo.sha256 },
    predictions: found.predictions,
    presence: found.presence,
    specks: found.specks,
    edges: found.edges,
    method: "network",
    screen: DEFAULTS.screen,
    despill: DEFAULTS.despill,
    low_resolution: DEFAULTS.low_resolution,
    subject: DEFAULTS.subject,
    transparency: DEFAULTS.transparency,
    acts: [],
    edge_shift: DEFAULTS.edge_shift,
    edge_softness: DEFAULTS.edge_softness,
    edge_contrast: DEFAULTS.edge_contrast,
    decontaminate: DEFAULTS.decontaminate,
    background: { kind: "transparent" },
    shadow: NO_SHADOW,
    reflection: DEFAULTS.reflection,
    canvas: CANVAS,
  };
}

export function recipeText(recipe: Recipe): string {
  return `${JSON.stringify(recipe)}\n`;
}

/** Raises FeathercutError `recipe`, which says what is wrong with the file. */
export function readRecipe(text: string): Recipe {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new FeathercutError("recipe", "This is not a recipe: it is not JSON. Choose a *.feathercut.json file.", {
      cause,
    });
  }
  const fields = found as Partial<Recipe> | null;
  if (typeof fields !== "object" || fields?.feathercut !== "recipe") {
    throw new FeathercutError("recipe", "This is not a recipe of Feathercut. Choose a *.feathercut.json file.");
  }
  if (fields.version !== RECIPE_VERSION) {
    throw new FeathercutError(
      "recipe",
      `This recipe has version ${String(fields.version)}, and this page reads ${RECIPE_VERSION}. Update Feathercut.`,
    );
  }
  return checked(fields);
}

function checked(fields: Partial<Recipe>): Recipe {
  const photo = fields.photo;
  need(photo && isSize(photo.size) && typeof photo.sha256 === "string", "`photo` must have a name, size and sha256");
  const found = { predictions: [], presence: DEFAULTS.presence, specks: DEFAULTS.specks, edges: DEFAULTS.edges };
  const recipe: Recipe = { ...newRecipe(photo as unknown as Photo, found), ...UNSAID, ...fields };
  for (const name of [
    "edge_shift",
    "edge_softness",
    "edge_contrast",
    "decontaminate",
    "despill",
    "reflection",
    "presence",
    "specks",
  ] as const) {
    need(Number.isFinite(recipe[name]), `\`${name}\` must be a number`);
  }
  need(isSubject(recipe.subject), "`subject` must be `all`, `largest` or numbers as in `1,3`");
  need(OPTIONS.transparency.choices?.includes(recipe.transparency), "`transparency` must be `auto`, `off` or `strong`");
  need(OPTIONS.low_resolution.choices?.includes(recipe.low_resolution), "`low_resolution` must be `auto` or `off`");
  need(["network", "chroma", "plain"].includes(recipe.method), "`method` must be `network`, `chroma` or `plain`");
  need(typeof recipe.screen === "string", "`screen` must be `auto` or a colour");
  need(Array.isArray(recipe.predictions), "`predictions` must be a list");
  need(Array.isArray(recipe.acts), "`acts` must be a list");
  for (const [at, act] of recipe.acts.entries()) need(isAct(act), `act ${at + 1} is not one that this version knows`);
  return { ...recipe, shadow: { ...NO_SHADOW, ...fields.shadow }, canvas: { ...CANVAS, ...fields.canvas } };
}

function need(holds: unknown, claim: string): void {
  if (!holds) throw new FeathercutError("recipe", `This recipe is damaged: ${claim}. Save it anew, or mend the file.`);
}

function isSubject(value: unknown): boolean {
  try {
    return typeof value === "string" && numbersOf(value) !== undefined;
  } catch {
    return false;
  }
}

function isSize(value: unknown): boolean {
  return areNumbers(value, 2) && (value as number[]).every((side) => Number.isInteger(side) && side > 0);
}

function isAct(act: Act): boolean {
  if (typeof act !== "object" || act === null || !["restore", "erase"].includes(act.mode)) return false;
  if (act.kind === "rectangle") return areNumbers(act.box, 4);
  if (act.kind === "lasso") return Array.isArray(act.points) && act.points.every((point) => areNumbers(point, 2));
  return (
    act.kind === "stroke" &&
    typeof act.is_smart === "boolean" &&
    act.diameter_px > 0 &&
    areNumbers([act.diameter_px, act.hardness, act.opacity], 3) &&
    Array.isArray(act.points) &&
    act.points.every((point) => areNumbers(point, 3))
  );
}

function areNumbers(value: unknown, count: number): boolean {
  return Array.isArray(value) && value.length === count && value.every((part) => Number.isFinite(part));
}
