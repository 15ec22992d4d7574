/** Recipe and matte → the finished cutout and picture: what a recipe says, as the steps understand it. */
import type { Background, Recipe } from "../editor/recipe.ts";
import { FeathercutError } from "../errors.ts";
import { gradient } from "../kernels/gradient.ts";
import type { Rows } from "../kernels/rows.ts";
import { dropShadow } from "../kernels/shadow.ts";
import type { Options } from "../options.ts";
import { DEFAULTS } from "../options.ts";
import type { Cutout, Image, Matte } from "../pictures.ts";
import { cutOut, finish } from "../pipeline.ts";
import type { Behind } from "../steps/background.ts";
import type { Around, CastShadow } from "../steps/compose.ts";
import { decode } from "../steps/decode.ts";
import { parseColour } from "../values.ts";
import { unpacked } from "./kept.ts";

/** The options that a recipe's settings are. */
export function optionsOf(recipe: Recipe): Options {
  const { presence, specks, edges, edge_shift, edge_softness, edge_contrast, decontaminate, canvas } = recipe;
  return {
    ...DEFAULTS,
    ...{ presence, specks, edges, edge_shift, edge_softness, edge_contrast, decontaminate },
    ...canvas,
  };
}

/** What stands behind and below the subject. Raises FeathercutError "recipe" for a picture that cannot be read. */
export async function aroundOf({ background, shadow }: Recipe): Promise<Around> {
  const behind = await behindOf(background);
  if (shadow.kind === "none" || shadow.opacity === 0) return { behind };
  const cast: CastShadow = (alpha, canvas, ratio) =>
    dropShadow(alpha, canvas, {
      ...shadow,
      distance_px: shadow.distance_px * ratio,
      softness_px: shadow.softness_px * ratio,
    });
  return { behind, shadow: cast };
}

export interface Finished {
  readonly cutout: Cutout;
  readonly picture: Image;
}

/** The subject and the picture that leaves. `alpha` is the matte after the recipe's acts, before its sliders. */
export async function finished(photo: Image, recipe: Recipe, alpha: Float32Array): Promise<Finished> {
  const options = optionsOf(recipe);
  const around = await aroundOf(recipe);
  const matte: Matte = { size: photo.size, alpha };
  const cutout = cutOut(photo, matte, options, around);
  return { cutout, picture: finish(cutout, photo, options, around) };
}

async function behindOf(background: Background): Promise<Behind> {
  switch (background.kind) {
    case "transparent":
      return { kind: "colour", colour: [0, 0, 0, 0] };
    case "colour":
      return { kind: "colour", colour: parseColour(background.colour) };
    case "blur":
      return { kind: "blur", radius_px: background.radius_px };
    case "gradient": {
      const [from, to] = [parseColour(background.from), parseColour(background.to)];
      return { kind: "paint", paint: (canvas) => straight(canvas, gradient(canvas, from, to, background.angle_deg)) };
    }
    case "picture":
      return { kind: "picture", picture: await pictureOf(background) };
  }
}

async function pictureOf({ name, bytes }: Background & { kind: "picture" }): Promise<Image> {
  try {
    return (await decode(unpacked(bytes), name)).image;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FeathercutError("recipe", `The background cannot be used: ${why}`, { cause });
  }
}

/** Planes of colour and alpha as rows of straight RGBA. */
function straight(size: readonly [number, number], paint: { rgb: Float32Array; alpha: Float32Array }): Rows {
  return {
    size,
    channels: 4,
    read(y, left, right, into) {
      for (let x = left, i = 0; x < right; x++, i += 4) {
        const at = y * size[1] + x;
        into.set(paint.rgb.subarray(3 * at, 3 * at + 3), i);
        into[i + 3] = paint.alpha[at]!;
      }
    },
  };
}
