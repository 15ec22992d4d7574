/** The shadow that a recipe draws, and the room that one takes; of Python's `steps/shade.py` what needs no photo. */
import type { Shadow } from "../editor/recipe.ts";
import { REACH } from "../kernels/reflection.ts";
import { castShadow, contactShadow, dropShadow } from "../kernels/shadow.ts";
import type { Box, Size } from "../pictures.ts";
import { type ArrangeOptions, subjectBox } from "./arrange.ts";

/** Beyond so many standard deviations a blur is not seen any more; a contact shadow is twice as wide as high. */
const SEEN = 2;
const LEAST_SEEN = Math.fround(4 / 255);
const NO_ROOM: Box = [0, 0, 0, 0];

/** The alpha of black, h×w, below a subject of `alpha`, h×w, that is `ratio` times as large as in the photo; null where none is drawn. */
export function drawnShadow(alpha: Float32Array, size: Size, ratio: number, shadow: Shadow): Float32Array | null {
  const { angle_deg, opacity } = shadow;
  const [distance_px, softness_px] = [shadow.distance_px * ratio, shadow.softness_px * ratio];
  const here = { angle_deg, distance_px, softness_px, opacity };
  switch (shadow.kind) {
    case "drop":
      return dropShadow(alpha, size, here);
    case "contact":
      return contactShadow(alpha, size, here);
    case "cast":
      return castShadow(alpha, size, here);
    default:
      return null;
  }
}

/** The box of the photo's own shadow (the alpha of black, H×W) as far as it is seen; null where it is not. */
export function keptBox(layer: Float32Array, size: Size): Box | null {
  const seen = layer.map((value) => (value > LEAST_SEEN ? value : 0));
  return seen.some((value) => value > 0) ? subjectBox(seen, size) : null;
}

/** What of a recipe stands around the subject, and where that goes. */
export interface Surrounding {
  readonly shadow: Shadow;
  readonly reflection: number;
  readonly canvas: ArrangeOptions;
}

/**
 * How far shadow and reflection reach beyond the subject's box, cut off by a crop: top, right, bottom and left, in px of the
 * photo. `kept` is the box of the photo's own shadow.
 *
 * Zero where the subject itself is placed, by `scale` or `position`: then its box counts, as shops measure it.
 */
export function roomOf({ shadow, reflection, canvas }: Surrounding, box: Box, kept: Box | null = null): Box {
  const { crop, scale, position } = canvas;
  if (!crop || scale || position) return NO_ROOM;
  const [above, after, below, before] = roomOfShadow(shadow, box, kept);
  const mirrored = reflection ? Math.ceil(REACH * (box[2] - box[0])) : 0;
  return [above, after, Math.max(below, mirrored), before];
}

function roomOfShadow(shadow: Shadow, box: Box, kept: Box | null): Box {
  if (shadow.kind === "none") return NO_ROOM;
  if (shadow.kind === "keep") {
    if (!kept) return NO_ROOM;
    const beyond = [box[0] - kept[0], kept[3] - box[3], kept[2] - box[2], box[1] - kept[1]];
    return beyond.map((length) => Math.max(0, length)) as unknown as Box;
  }
  const radians = (shadow.angle_deg * Math.PI) / 180;
  const [across, down] = [shadow.distance_px * Math.cos(radians), shadow.distance_px * Math.sin(radians)];
  const blur = SEEN * shadow.softness_px;
  const beyond: Record<"drop" | "contact" | "cast", Box> = {
    contact: [0, 2 * blur, 1.5 * blur, 2 * blur],
    cast: [blur - down - (box[2] - box[0]), blur + across, blur + Math.max(down, 0), blur - across],
    drop: [blur - down, blur + across, blur + down, blur - across],
  };
  return beyond[shadow.kind].map((length) => Math.max(0, Math.ceil(length - 1e-9))) as unknown as Box;
}
