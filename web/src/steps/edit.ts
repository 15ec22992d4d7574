/** Matte → Matte: the sliders that people know for the edge. */
import { hardenEdge, shiftEdge, softenEdge } from "../kernels/edges.ts";
import { type Numbers, one } from "../kernels/rows.ts";
import type { Options } from "../options.ts";
import type { Matte } from "../pictures.ts";

/**
 * The matte with its edge moved, then blurred, then hardened; the very same one where nothing is asked for.
 *
 * In this order each slider keeps its word whatever the others say: moving needs the edge as it was found, and contrast
 * comes last, as 100 promises a hard edge. Blur and contrast together smooth a ragged outline. The border of the photo is
 * no edge: a subject that it cuts off stays cut off there. `within` is the photo's own alpha, where it has one: nothing
 * grows to where the photo shows nothing.
 */
export function edit(
  matte: Matte,
  options: Pick<Options, "edge_shift" | "edge_softness" | "edge_contrast">,
  within: Numbers | null = null,
): Matte {
  let { alpha } = matte;
  if (options.edge_shift) alpha = shiftEdge(alpha, matte.size, options.edge_shift);
  if (options.edge_softness) alpha = softenEdge(alpha, matte.size, options.edge_softness);
  if (options.edge_contrast) alpha = hardenEdge(alpha, options.edge_contrast);
  if (alpha === matte.alpha) return matte;
  if (within !== null) {
    const most = one(within);
    for (let i = 0; i < alpha.length; i++) alpha[i] = Math.min(alpha[i]!, within[i]! / most);
  }
  return { ...matte, alpha };
}
