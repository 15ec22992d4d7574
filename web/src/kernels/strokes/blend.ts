/** What coverage makes of a matte; the twin of Python's `blend` in `kernels/strokes.py`. */
import type { Mode } from "../../editor/recipe.ts";

/**
 * `alpha` gone `coverage`·`opacity` of the way to nothing, or to the photo's own alpha: `ceiling`, null where the photo is
 * opaque. All arrays are of one box.
 */
export function blend(
  alpha: Float32Array,
  coverage: Float32Array,
  mode: Mode,
  opacity: number,
  ceiling: Float32Array | null,
): Float32Array {
  const result = new Float32Array(alpha.length);
  if (mode === "erase") {
    for (let i = 0; i < alpha.length; i++) result[i] = alpha[i]! - alpha[i]! * coverage[i]! * opacity;
    return result;
  }
  for (let i = 0; i < alpha.length; i++) {
    const goal = ceiling ? ceiling[i]! : 1;
    result[i] = alpha[i]! + (goal - alpha[i]!) * coverage[i]! * opacity;
  }
  return result;
}
