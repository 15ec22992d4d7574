/** The outline is grey over a wide band: where it runs is not known. */
import { boxMean } from "../kernels/box_sums.ts";
import { spread } from "../kernels/pieces.ts";
import { count, type Look } from "./sign.ts";

const [AROUND, MOSTLY] = [2, Math.fround(0.6)];

export const look: Look = ({ matte, edge, grid }) => {
  const grey = matte.map((alpha) => 4 * alpha * (1 - alpha));
  const wide = Uint8Array.from(boxMean(grey, ...grid, AROUND), (mean) => (mean > MOSTLY ? 1 : 0));
  return [count(wide) / Math.max(count(edge), 1), spread(wide, grid, AROUND)];
};
