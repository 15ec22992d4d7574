/** Predictions as a recipe keeps them, so that it replays without a network: grey PNG files of 16 bits in base64. */
import type { KeptPrediction } from "../editor/recipe.ts";
import { FeathercutError } from "../errors.ts";
import { writePng } from "../formats/png_writer.ts";
import { type Prediction, white } from "../pictures.ts";
import { decode } from "../steps/decode.ts";

const LEVELS = 65535;
const SLICE = 1 << 15;

/** The prediction in the numbers that a recipe can keep: the matte is made of these, so that it replays to the bit. */
export function rounded(prediction: Prediction): Prediction {
  const alpha = new Float32Array(prediction.alpha.length);
  for (let i = 0; i < alpha.length; i++) alpha[i] = Math.round(prediction.alpha[i]! * LEVELS) / LEVELS;
  return { ...prediction, alpha };
}

export async function keep(prediction: Prediction): Promise<KeptPrediction> {
  const { model, size, inside, resample } = prediction;
  const alpha = new Uint16Array(prediction.alpha.length);
  for (let i = 0; i < alpha.length; i++) alpha[i] = Math.round(prediction.alpha[i]! * LEVELS);
  const png = await writePng({ size, rgb: null, alpha, profile: null, dpi: null, exif: null });
  return { model, size, inside, resample, png: base64(png) };
}

/** Raises FeathercutError "recipe" where what was kept is no prediction. */
export async function revive(kept: KeptPrediction): Promise<Prediction> {
  const { model, size, inside, resample } = kept;
  try {
    const { image } = await decode(unpacked(kept.png), "prediction");
    if (image.size[0] !== size[0] || image.size[1] !== size[1]) {
      throw new Error(`it is ${image.size.join("×")} and not ${size.join("×")}`);
    }
    const most = white(image.rgb);
    const alpha = Float32Array.from({ length: size[0] * size[1] }, (_, i) => image.rgb[3 * i]! / most);
    return { model, size, inside, resample, alpha };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FeathercutError("recipe", `What \`${model}\` answered cannot be read from the recipe: ${why}`, { cause });
  }
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += SLICE) text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(text);
}

export function unpacked(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
