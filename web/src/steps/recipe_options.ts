/** What a recipe asks of the steps: its words as their options, its shadow and its background as `compose` takes them. */
import type { Background, Recipe, Shadow } from "../editor/recipe.ts";
import { DEFAULTS, type Options } from "../options.ts";
import type { Image } from "../pictures.ts";
import { type Around, behindOf, type CastShadow } from "./compose.ts";
import { drawnShadow, roomOf } from "./shade.ts";

/** The options of the steps as a recipe says them. */
export function optionsOf(recipe: Recipe): Options {
  const { presence, specks, edges, edge_shift, edge_softness, edge_contrast, decontaminate, canvas, shadow } = recipe;
  return {
    ...DEFAULTS,
    // Recipes that a browser kept from before there was a choice mean what they meant.
    subject: recipe.subject ?? DEFAULTS.subject,
    method: recipe.method ?? "network",
    screen: recipe.screen ?? DEFAULTS.screen,
    despill: recipe.despill ?? DEFAULTS.despill,
    transparency: recipe.transparency ?? "off",
    low_resolution: recipe.low_resolution ?? "off",
    ...{ presence, specks, edges, edge_shift, edge_softness, edge_contrast, decontaminate },
    ...canvas,
    margin: canvas.crop ? canvas.margin : "0", // kept for when the crop is asked for again
    background: wordOf(recipe.background),
    shadow: shadow.kind,
    shadow_angle: shadow.angle_deg,
    shadow_distance: shadow.distance_px,
    shadow_softness: shadow.softness_px,
    shadow_opacity: shadow.opacity * 100,
    reflection: recipe.reflection ?? 0,
  };
}

/** A background as its option writes it; a picture has no word here. */
export function wordOf(background: Background): string {
  switch (background.kind) {
    case "colour":
      return background.colour;
    case "gradient":
      return `gradient:${background.from},${background.to},${background.angle_deg}`;
    case "blur":
      return `blur:${background.radius_px}`;
    default:
      return "transparent";
  }
}

/** What `compose` needs besides options; `picture` is what the background's file holds, where it is one. */
export function aroundOf(recipe: Recipe, picture: Image | null = null): Around {
  const behind = picture ? { kind: "picture" as const, picture } : behindOf(wordOf(recipe.background));
  const reflection = recipe.reflection ?? 0;
  if (recipe.shadow.kind === "none" && !reflection) return { behind };
  const room: Around["room"] = (box, kept) => roomOf({ ...recipe, reflection }, box, kept);
  const shadow = castOf(recipe.shadow);
  return shadow ? { behind, shadow, room } : { behind, room };
}

/** The shadow, drawn on the canvas: neither a crop nor the photo's border cuts it off. */
export function castOf(shadow: Shadow): CastShadow | null {
  if (shadow.kind === "none" || shadow.kind === "keep") return null;
  return (alpha, canvas, ratio) => drawnShadow(alpha, canvas, ratio, shadow) ?? new Float32Array(alpha.length);
}
