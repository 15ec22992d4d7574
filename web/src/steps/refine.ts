/** Predictions → Matte: fused, at the photo's own size, with edges that follow the photo's own. */
import { toSrgb } from "../kernels/colour.ts";
import { bound } from "../kernels/composite.ts";
import { hasFew } from "../kernels/few.ts";
import { solvedEdges } from "../kernels/few_pixels.ts";
import { followEdges, learnedAt } from "../kernels/follow_edges.ts";
import { fuse, seenAt } from "../kernels/fuse.ts";
import { OVERSHOOTING, resize, shrink } from "../kernels/resample.ts";
import { type Numbers, one, visible } from "../kernels/rows.ts";
import { cut } from "../kernels/windows.ts";
import type { Options } from "../options.ts";
import type { Matte, Metadata, Prediction, Size } from "../pictures.ts";

/** An Image, or one whose numbers are floats already. */
export interface Picture {
  readonly size: Size;
  readonly rgb: Numbers;
  readonly alpha: Numbers | null;
  readonly metadata: Metadata;
}

/**
 * The predictions as one matte at the photo's size, times the photo's own alpha.
 *
 * The first prediction draws, others say what is body (`kernels/fuse.ts`); what lies outside `inside` is dropped
 * before. The record's filter brings it to the photo's size; the default, bilinear, neither overshoots nor rings.
 * `edges` `photo` then draws wide soft edges anew after the photo (`kernels/follow_edges.ts`), and where it has few pixels
 * all edges (`kernels/few_pixels.ts`); not so where `low_resolution` is `off`, nor does what was seen from afar count then.
 */
export function refine(
  image: Picture,
  predictions: readonly Prediction[],
  options: Pick<Options, "edges" | "low_resolution">,
): Matte {
  const { size } = image;
  const seen = visible(image);
  const first = predictions[0]!;
  const small = shrink(seen, learnedAt(size), "box"); // once for all: reading the photo is what takes time
  const counted = options.low_resolution === "off" ? predictions.filter((one) => !isAfar(one)) : predictions;
  const drawn = fused(small, image, counted);
  let alpha = resize(drawn.alpha, drawn.size, size, first.resample);
  if (alpha === first.alpha) alpha = alpha.slice(); // the prediction stays as it is
  if (OVERSHOOTING.has(first.resample)) bound(alpha, alpha.length);
  if (options.edges === "photo" && options.low_resolution === "auto" && hasFew(size)) alpha = solvedEdges(seen, alpha);
  else if (options.edges === "photo") followEdges(seen, small, alpha);
  if (image.alpha !== null) {
    const most = one(image.alpha);
    for (let i = 0; i < alpha.length; i++) alpha[i]! *= image.alpha[i]! / most;
  }
  return { size, alpha };
}

/** What all predictions say together of a photo whose colours are `small`, at the size of the first. */
function fused(small: Float32Array, image: Picture, predictions: readonly Prediction[]): Matte {
  const first = shown(predictions[0]!);
  if (predictions.length === 1) return first;
  const colours = resize(small, learnedAt(image.size), seenAt(image.size), "box", 3).slice();
  bound(colours, colours.length);
  toSrgb(colours, image.metadata.profile);
  return predictions.slice(1).reduce((matte, prediction) => {
    const second = shown(prediction);
    const alpha = fuse(matte.alpha, matte.size, second.alpha, second.size, colours, seenAt(image.size));
    return { size: matte.size, alpha };
  }, first);
}

/** Whether the network saw the photo smaller than its canvas allows, with surroundings on all sides. */
export function isAfar({ inside }: Prediction): boolean {
  return inside[0] > 0 && inside[1] > 0;
}

/** The part of a prediction that shows the photo. */
export function shown({ alpha, size, inside }: Prediction): Matte {
  const part: Size = [inside[2] - inside[0], inside[3] - inside[1]];
  if (part[0] === size[0] && part[1] === size[1]) return { size, alpha };
  return { size: part, alpha: cut(alpha, size[1], inside) };
}
