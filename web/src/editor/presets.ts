/** Sizes that people ask for, as data: what a preset sets of a recipe's canvas. */
import type { Canvas } from "./recipe.ts";

export interface Preset {
  /** What strings are looked up by. */
  readonly id: "square-product" | "passport" | "story";
  readonly label: string;
  readonly canvas: Canvas;
  /** Pixels an inch, where the picture is for printing. */
  readonly dpi: number | null;
}

const HOW = { crop: false, margin: "0" } as const;

export const PRESETS: readonly Preset[] = [
  {
    id: "square-product",
    label: "Square product",
    canvas: { ...HOW, size: "2000x2000", scale: "85%", position: "center" },
    dpi: null,
  },
  {
    // 35×45 mm at 300 dpi. Head and shoulders stand on the lower edge; nine tenths leave 4 mm above the hair.
    id: "passport",
    label: "Passport 35×45 mm",
    canvas: { ...HOW, size: "413x531", scale: "91%", position: "50% 100%" },
    dpi: 300,
  },
  {
    id: "story",
    label: "Story",
    canvas: { ...HOW, size: "1080x1920", scale: "80%", position: "center" },
    dpi: null,
  },
];
