/** Recipe and matte → the file that a person takes away. */
import type { Recipe } from "../editor/recipe.ts";
import type { LayerSources } from "../formats/layers.ts";
import { reflection } from "../kernels/reflection.ts";
import { gathered } from "../kernels/resample.ts";
import type { Cutout, Image, Matte, Samples } from "../pictures.ts";
import { finish } from "../pipeline.ts";
import type { Exported, ExportFormat } from "../session.ts";
import { layerOf } from "../steps/background.ts";
import { ENCODE, encode, encodeLayers, FORMATS } from "../steps/encode.ts";
import { optionsOf } from "../steps/recipe_options.ts";
import { drawnShadow } from "../steps/shade.ts";
import { finished, surrounding } from "./finishing.ts";

type Layered = "psd" | "ora" | "zip-layers";

const LAYERED: ReadonlySet<ExportFormat> = new Set(["psd", "ora", "zip-layers"]);
const NOTHING_AROUND = { background: { kind: "transparent" }, reflection: 0 } as const;
const NO_CANVAS = { crop: false, margin: "0", size: null, scale: null, position: null } as const;

/** The finished file. `matte` is what the recipe's acts made, before its sliders; `quality` is 1 to 100. */
export async function exported(
  photo: Image,
  name: string,
  recipe: Recipe,
  matte: Matte,
  format: ExportFormat,
  quality: number,
  signal: AbortSignal,
): Promise<Exported> {
  const options = { ...ENCODE, file_quality: quality };
  const stem = name.replace(/\.[^.]+$/, "") || "photo";
  const { type, ending } = FORMATS[format];
  const called = `${stem}${format === "matte" ? "-matte" : "-cutout"}.${ending}`;
  if (LAYERED.has(format)) {
    const layers = await layersOf(photo, recipe, matte);
    signal.throwIfAborted();
    return { blob: await encodeLayers(layers, format as Layered, options), name: called };
  }
  // The matte lies on the canvas as the subject does, whatever is behind it.
  const wanted: Recipe =
    format === "matte" ? { ...recipe, ...NOTHING_AROUND, shadow: { ...recipe.shadow, kind: "none" } } : recipe;
  const { picture } = await finished(photo, wanted, matte);
  signal.throwIfAborted();
  const bytes = await encode(picture, format as Exclude<ExportFormat, Layered>, options);
  return { blob: new Blob([bytes], { type }), name: called };
}

interface Layers {
  readonly cutout: Cutout;
  readonly photo: Samples;
  readonly mirrored: NonNullable<LayerSources["mirrored"]> | null;
  readonly background: Samples | null;
  readonly merged: Image | null;
}

/** What an editor of layers opens: all at the photo's size, where masks are painted; a canvas is made there anew. */
async function layersOf(photo: Image, recipe: Recipe, matte: Matte): Promise<Layers> {
  const uncut: Recipe = { ...recipe, canvas: NO_CANVAS };
  const { cutout, picture } = await finished(photo, uncut, matte);
  const { shadow, background } = uncut;
  const cast = cutout.shadow ?? drawnShadow(cutout.alpha, cutout.size, 1, shadow);
  const behind = background.kind === "transparent" ? null : (await backdropOf(photo, uncut, cutout)).rgb;
  const mirrored = mirroredOf(cutout, uncut);
  return { cutout: { ...cutout, shadow: cast }, photo: photo.rgb, mirrored, background: behind, merged: picture };
}

/** The reflection as straight colours and alpha. */
function mirroredOf({ rgb, alpha, size }: Cutout, recipe: Recipe): Layers["mirrored"] {
  const rows = recipe.reflection ? reflection(layerOf(rgb, alpha, size), recipe.reflection / 100) : null;
  if (!rows) return null;
  const values = gathered(rows);
  const level = (at: number): number => values[at]! * 255 + 0.5;
  return {
    rgb: Uint8Array.from({ length: 3 * alpha.length }, (_, i) => level(4 * Math.floor(i / 3) + (i % 3))),
    alpha: Uint8Array.from({ length: alpha.length }, (_, i) => level(4 * i + 3)),
  };
}

/** The background alone, as the finished picture has it: the picture of a subject that is not there. */
async function backdropOf(photo: Image, recipe: Recipe, cutout: Cutout): Promise<Image> {
  const { behind } = await surrounding(recipe);
  const nobody: Cutout = { ...cutout, alpha: new Float32Array(cutout.alpha.length), shadow: null };
  return finish(nobody, photo, optionsOf(recipe), behind ? { behind } : {});
}
