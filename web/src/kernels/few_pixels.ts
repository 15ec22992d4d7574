/** Edges of a photo that has few pixels, solved for from its colours; Python's `kernels/few_pixels.py` says why. */
import { boxMean } from "./box_sums.ts";
import { largest, smallest } from "./extremes.ts";
import { step } from "./planes.ts";
import { clamped } from "./rounding.ts";
import type { Rows } from "./rows.ts";
import { alphaFromTrimap } from "./trimap.ts";

/** Alpha up to which a pixel and its neighbours are background, and from which on they are subject. */
const [OUT, IN] = [Math.fround(0.35), Math.fround(0.8)];
const AROUND = 1;
/** What is all grey for so many pixels around is no edge: smoke, a veil, or a body in doubt. */
const [DEEP, GREY] = [6, [0.8, 1]] as const;
/** What is drawn as densely, with no sure subject within so many pixels, is a thin part: a chain, a stalk. */
const [SURE, LONE] = [Math.fround(0.7), 2];

/**
 * `alpha` (H×W in [0, 1]) with its edges solved for from the colours beside them.
 *
 * Wide grey parts stay as they are, thin parts that are sure get no fainter, and a matte without a subject or without a
 * background is left alone.
 */
export function solvedEdges(photo: Rows, alpha: Float32Array): Float32Array {
  const { size } = photo;
  const subject = smallest(alpha, size, AROUND).map((value) => Number(value > IN));
  const background = largest(alpha, size, AROUND).map((value) => Number(value < OUT));
  if (!subject.includes(1) || !background.includes(1)) return alpha;
  const trimap = subject.map((is, i) => (is ? 1 : background[i] ? 0 : 0.5));
  const grey = boxMean(
    trimap.map((value) => Number(value === 0.5)),
    ...size,
    DEEP,
  );
  const solved = alphaFromTrimap(photo, trimap);
  const near = largest(subject, size, LONE);
  const thin = alpha.map((value, i) => Number(value > SURE && near[i] === 0));
  const kept = boxMean(largest(thin, size, AROUND), ...size, AROUND);
  return solved.map((value, i) => {
    const edge = alpha[i]! + (value - alpha[i]!) * (1 - step(grey[i]!, ...GREY));
    return clamped(edge + kept[i]! * Math.max(alpha[i]! - edge, 0), 0, 1);
  });
}
