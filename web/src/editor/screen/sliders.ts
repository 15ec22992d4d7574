/** The edge sliders on a part of the matte, for the screen: exact where that is quick, on a reduced picture where not. */
import { hardenEdge, shiftEdge, softenEdge } from "../../kernels/edges.ts";
import type { Box, Size } from "../../pictures.ts";
import type { EditedMatte } from "../matte.ts";
import { FULL } from "../matte.ts";
import { areaOf, grown } from "../tiles.ts";

export interface Sliders {
  readonly edge_shift: number;
  readonly edge_softness: number;
  readonly edge_contrast: number;
}

/** So many pixels a slider's kernels do within a slice of time. */
const QUICK = 160_000;

export function areNeutral(sliders: Sliders): boolean {
  return !sliders.edge_shift && !sliders.edge_softness && !sliders.edge_contrast;
}

/** How far a pixel of the matte is felt, in px. */
export function reachOf(sliders: Sliders): number {
  const shift = sliders.edge_shift ? Math.ceil(Math.abs(sliders.edge_shift) * 1.05) + 2 : 0;
  const blur = sliders.edge_softness ? Math.ceil(sliders.edge_softness * 3.5) + 4 : 0;
  return shift + blur;
}

/** The least power of two by which the matte around `box` is reduced so that its sliders are computed in one slice. */
export function factorFor(box: Box, sliders: Sliders, size: Size): number {
  const area = areaOf(grown(box, reachOf(sliders), size));
  let factor = 1;
  while (area / (factor * factor) > QUICK) factor *= 2;
  return factor;
}

/** Alpha of `box` after the sliders, in [0, 1], computed on a picture that is reduced by `factor`. */
export function slid(matte: EditedMatte, box: Box, sliders: Sliders, factor: number): Float32Array {
  const around = aligned(grown(box, reachOf(sliders), matte.size), factor, matte.size);
  const [small, size] = reducedPart(matte, around, factor);
  const level = constantOf(small);
  if (level !== null) {
    const value = sliders.edge_contrast ? hardenEdge(Float32Array.of(level), sliders.edge_contrast)[0]! : level;
    return new Float32Array(areaOf(box)).fill(value);
  }
  let alpha = small;
  if (sliders.edge_shift) alpha = shiftEdge(alpha, size, sliders.edge_shift / factor);
  if (sliders.edge_softness) alpha = softenEdge(alpha, size, sliders.edge_softness / factor);
  if (sliders.edge_contrast) alpha = hardenEdge(alpha, sliders.edge_contrast);
  return enlargedPart(alpha, size, around, box, factor);
}

function aligned(box: Box, factor: number, size: Size): Box {
  const down = (value: number): number => Math.floor(value / factor) * factor;
  const up = (value: number, most: number): number => Math.min(most, Math.ceil(value / factor) * factor);
  return [down(box[0]), down(box[1]), up(box[2], size[0]), up(box[3], size[1])];
}

/** Means of factor×factor pixels of `box`; cells at the photo's border have fewer. */
function reducedPart(matte: EditedMatte, box: Box, factor: number): [Float32Array, Size] {
  if (factor === 1) return [matte.read(box), [box[2] - box[0], box[3] - box[1]]];
  const height = Math.ceil((box[2] - box[0]) / factor);
  const width = Math.ceil((box[3] - box[1]) / factor);
  const values = new Float32Array(height * width);
  for (let row = 0, i = 0; row < height; row++) {
    const bottom = Math.min(box[2], box[0] + (row + 1) * factor);
    for (let column = 0; column < width; column++) {
      const left = box[1] + column * factor;
      const right = Math.min(box[3], left + factor);
      let sum = 0;
      for (let y = box[0] + row * factor; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += matte.levels[y * matte.size[1] + x]!;
      }
      values[i++] = sum / (FULL * (bottom - box[0] - row * factor) * (right - left));
    }
  }
  return [values, [height, width]];
}

function constantOf(values: Float32Array): number | null {
  const first = values[0]!;
  return values.every((value) => value === first) ? first : null;
}

/** What `small`, a reduced picture of `around`, shows of `box`, bilinear. */
function enlargedPart(small: Float32Array, size: Size, around: Box, box: Box, factor: number): Float32Array {
  const [height, width] = size;
  const values = new Float32Array(areaOf(box));
  for (let y = box[0], i = 0; y < box[2]; y++) {
    const v = Math.min(height - 1, Math.max(0, (y + 0.5 - around[0]) / factor - 0.5));
    const upper = Math.floor(v) * width;
    const lower = Math.min(height - 1, Math.floor(v) + 1) * width;
    const down = v - Math.floor(v);
    for (let x = box[1]; x < box[3]; x++) {
      const u = Math.min(width - 1, Math.max(0, (x + 0.5 - around[1]) / factor - 0.5));
      const left = Math.floor(u);
      const right = Math.min(width - 1, left + 1);
      const top = small[upper + left]! + (small[upper + right]! - small[upper + left]!) * (u - left);
      const bottom = small[lower + left]! + (small[lower + right]! - small[lower + left]!) * (u - left);
      values[i++] = top + (bottom - top) * down;
    }
  }
  return values;
}
