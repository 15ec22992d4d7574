/** Sizes that people ask for by name: what each sets, as one step of the history. */
import type { Settable } from "../../editor/editor.ts";
import type { Canvas, Recipe } from "../../editor/recipe.ts";

export const PRESETS = ["original", "tight", "product", "passport", "story"] as const;
export type PresetName = (typeof PRESETS)[number];

const AS_IT_IS: Canvas = { crop: false, margin: "0", size: null, scale: null, position: null };

const CANVASES: Record<PresetName, Canvas> = {
  original: AS_IT_IS,
  tight: { ...AS_IT_IS, crop: true },
  product: { ...AS_IT_IS, size: "2000x2000", scale: "85%", position: "center" },
  // 35 × 45 mm at 600 pixels an inch.
  passport: { ...AS_IT_IS, size: "827x1063", scale: "90%", position: "50% 100%" },
  story: { ...AS_IT_IS, size: "1080x1920", scale: "80%", position: "center" },
};

/** Shops and offices ask for white; another background that was chosen stays. */
const ON_WHITE: readonly PresetName[] = ["product", "passport"];

export function presetChange(name: PresetName, recipe: Recipe): Partial<Settable> {
  const isBare = recipe.background.kind === "transparent";
  return {
    canvas: CANVASES[name],
    ...(ON_WHITE.includes(name) && isBare ? { background: { kind: "colour", colour: "#ffffff" } } : {}),
  };
}

export function isPreset(name: PresetName, { canvas }: Recipe): boolean {
  return (Object.keys(AS_IT_IS) as (keyof Canvas)[]).every((key) => canvas[key] === CANVASES[name][key]);
}
