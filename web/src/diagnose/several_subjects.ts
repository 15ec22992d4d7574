/** The matte has more than one subject: pieces that do not belong together, or that a real boundary parts. */
import { rowsOf } from "../kernels/rows.ts";
import { parts } from "../kernels/subjects.ts";
import type { Look } from "./sign.ts";

export const look: Look = ({ matte, rgb, grid }) => {
  const labels = parts(matte, grid, rowsOf(rgb, grid, 3));
  const masses: number[] = [];
  labels.forEach((one, at) => {
    if (one > 0) masses[one - 1] = (masses[one - 1] ?? 0) + matte[at]!;
  });
  if (masses.length < 2) return [0, null];
  const [first, second] = masses.sort((one, other) => other - one);
  return [second! / first!, Uint8Array.from(labels, (one) => (one > 0 ? 1 : 0))];
};
