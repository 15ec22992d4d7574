/**
 * A recipe: what was done to a photo, as data. Photo plus recipe give the picture again, here and in Python
 * (`feathercut edit photo.jpg --recipe photo.feathercut.json`), to within one level of 255.
 *
 * Coordinates are in px of the upright photo, pixel centres at .5; sizes are diameters. What a recipe does not say has its
 * default, so an older recipe means what it meant.
 */
import type { Box, Resample, Size } from "../pictures.ts";

export const RECIPE_VERSION = 1;

export type Mode = "restore" | "erase";

/** (x, y, pressure 0..1). */
export type StrokePoint = readonly [x: number, y: number, pressure: number];

/** A brush drawn through points. `is_smart` strokes say roughly where; the photo's own edges decide inside them. */
export interface Stroke {
  readonly kind: "stroke";
  readonly mode: Mode;
  readonly is_smart: boolean;
  readonly diameter_px: number;
  /** 0 is a soft cone, 1 a hard disc. */
  readonly hardness: number;
  readonly opacity: number;
  readonly points: readonly StrokePoint[];
}

/** A closed outline, filled. */
export interface Lasso {
  readonly kind: "lasso";
  readonly mode: Mode;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Rectangle {
  readonly kind: "rectangle";
  readonly mode: Mode;
  /** (left, top, right, bottom) in px, fractions allowed. */
  readonly box: readonly [number, number, number, number];
}

/** What a person did to the matte, in order. */
export type Act = Stroke | Lasso | Rectangle;

/** A network's answer, kept so that a recipe replays without one: a grey 16-bit PNG in base64. */
export interface KeptPrediction {
  readonly model: string;
  readonly size: Size;
  readonly inside: Box;
  readonly resample: Resample;
  readonly png: string;
}

export type Background =
  | { readonly kind: "transparent" }
  | { readonly kind: "colour"; readonly colour: string }
  | { readonly kind: "gradient"; readonly from: string; readonly to: string; readonly angle_deg: number }
  | { readonly kind: "blur"; readonly radius_px: number }
  /** A picture that covers the canvas: its file's bytes in base64. */
  | { readonly kind: "picture"; readonly name: string; readonly bytes: string };

export type ShadowKind = "none" | "keep" | "drop" | "contact" | "cast";

/** A shadow drawn from the matte, or the photo's own, softened and weakened. Angle 90 falls straight down; lengths in px of the photo. */
export interface Shadow {
  readonly kind: ShadowKind;
  readonly angle_deg: number;
  readonly distance_px: number;
  readonly softness_px: number;
  readonly opacity: number;
}

/** The options of the same names, as `options/` writes them. */
export interface Canvas {
  readonly crop: boolean;
  readonly margin: string;
  readonly size: string | null;
  readonly scale: string | null;
  readonly position: string | null;
}

export interface Recipe {
  readonly feathercut: "recipe";
  readonly version: typeof RECIPE_VERSION;
  readonly photo: { readonly name: string; readonly size: Size; readonly sha256: string };
  /** Empty where the matte came from nowhere: everything is the subject until erased. */
  readonly predictions: readonly KeptPrediction[];
  readonly presence: number;
  readonly specks: number;
  readonly edges: "photo" | "network";
  /** What draws the matte, as the options of these names write it: the predictions, or a method without a network. */
  readonly method: "network" | "chroma" | "plain";
  readonly screen: string;
  readonly despill: number;
  /** Whether a photo of few pixels has its edges solved for, as the option of this name writes it; `off` where it is missing. */
  readonly low_resolution: "auto" | "off";
  /** Which of several subjects, as the option of this name writes it. */
  readonly subject: string;
  /** Whether glass and smoke let a new background through, as the option of this name writes it; `off` where it is missing. */
  readonly transparency: "auto" | "off" | "strong";
  readonly acts: readonly Act[];
  readonly edge_shift: number;
  readonly edge_softness: number;
  readonly edge_contrast: number;
  readonly decontaminate: number;
  readonly background: Background;
  readonly shadow: Shadow;
  /** How much of the subject is mirrored below itself, in %, as the option of this name writes it. */
  readonly reflection: number;
  readonly canvas: Canvas;
}
