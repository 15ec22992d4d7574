/**
 * The options of the steps. Names, defaults and ranges are Python's (`options/`); `options.json` is written from there
 * by `make docs`, so that each is decided once.
 */
import written from "./options.json" with { type: "json" };

export interface Options {
  readonly method: "network" | "chroma" | "plain" | "outline" | "grabcut";
  readonly screen: string;
  readonly despill: number;
  readonly presence: number;
  readonly specks: number;
  readonly subject: string;
  readonly edges: "photo" | "network";
  readonly low_resolution: "auto" | "off";
  readonly transparency: "auto" | "off" | "strong";
  readonly edge_shift: number;
  readonly edge_softness: number;
  readonly edge_contrast: number;
  readonly decontaminate: number;
  readonly background: string;
  readonly crop: boolean;
  readonly margin: string;
  readonly size: string | null;
  readonly scale: string | null;
  readonly position: string | null;
  readonly shadow: "none" | "keep" | "drop" | "contact" | "cast";
  readonly shadow_angle: number | null;
  readonly shadow_distance: number | null;
  readonly shadow_softness: number | null;
  readonly shadow_opacity: number | null;
  readonly reflection: number;
}

/** What is known of one option: enough for a slider or a field with its sentence. */
export interface OptionRow {
  readonly default: number | string | boolean | null;
  readonly least?: number;
  readonly most?: number;
  readonly choices?: readonly string[];
  readonly description: string;
}

export const OPTIONS = written as unknown as Record<keyof Options, OptionRow>;

export const DEFAULTS = Object.fromEntries(
  Object.entries(OPTIONS).map(([name, row]) => [name, row.default]),
) as unknown as Options;
