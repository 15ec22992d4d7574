/** The matte has more than one piece of some size. */
import { label } from "../kernels/pieces.ts";
import type { Look } from "./sign.ts";

export const look: Look = ({ subject, grid }) => {
  const { labels, count } = label(subject, grid);
  if (count < 2) return [0, null];
  const masses = new Float64Array(count + 1);
  for (const piece of labels) if (piece) masses[piece]!++;
  const [first, second] = masses.sort().reverse();
  return [second! / first!, subject];
};
