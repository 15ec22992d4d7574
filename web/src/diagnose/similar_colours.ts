/** Along parts of the outline both sides have the same colour, and the photo changes no more there than beside it. */
import { boxMean } from "../kernels/box_sums.ts";
import { largest } from "../kernels/extremes.ts";
import { spread } from "../kernels/pieces.ts";
import { asPlanes, masked, shared } from "../kernels/planes.ts";
import type { Marks } from "../kernels/windows.ts";
import type { Size } from "../pictures.ts";
import { count, type Look } from "./sign.ts";

const [AROUND, FARTHER, BESIDE] = [4, 6, 2];
const [APART, MORE] = [0.16, 1.3];
/** How much more a tint counts than how light a colour is: for the eye, and for the networks, tints lie close. */
const TINT = 2;
const LEAST = 1e-3;
/** Running sums leave crumbs where nothing changes. */
const CRUMBS = 1e-9;

export const look: Look = ({ rgb, subject, edge, grid }) => {
  if (!edge.includes(1)) return [0, null];
  const planes = asPlanes(rgb);
  const tints = tintsOf(rgb);
  const inside = meansOf(tints, subject, grid);
  const outside = meansOf(
    tints,
    subject.map((mark) => 1 - mark),
    grid,
  );
  const steps = stepsOf(planes, grid);
  const farther = boxMean(steps, ...grid, FARTHER);
  const cells = edge.length;
  const alike = edge.map((mark, at) => {
    if (!mark || farther[at]! < CRUMBS) return 0;
    let squares = 0;
    for (let i = at; i < 3 * cells; i += cells) squares += (inside[i]! - outside[i]!) ** 2;
    return Math.sqrt(squares) < APART && steps[at]! < MORE * farther[at]! ? 1 : 0;
  });
  return [count(alike) / count(edge), spread(alike, grid, BESIDE)];
};

/** How light each cell is, and its red and blue beyond that, 3×h×w. */
function tintsOf(rgb: Float32Array): Float32Array {
  const cells = rgb.length / 3;
  const tints = new Float32Array(rgb.length);
  for (let at = 0; at < cells; at++) {
    const [red, green, blue] = [rgb[3 * at]!, rgb[3 * at + 1]!, rgb[3 * at + 2]!];
    const light = Math.fround(0.299 * red + 0.587 * green + 0.114 * blue);
    tints[at] = light;
    tints[cells + at] = TINT * (red - light);
    tints[2 * cells + at] = TINT * (blue - light);
  }
  return tints;
}

/** The mean colour of the marked cells around each one, 3×h×w. */
function meansOf(planes: Float32Array, marks: Marks, grid: Size): Float32Array {
  const weights = boxMean(Float32Array.from(marks), ...grid, AROUND);
  return shared(boxMean(masked(planes, marks), ...grid, AROUND), weights, LEAST);
}

/** How much the colour changes from cell to cell, the most of it near each. */
function stepsOf(planes: Float32Array, grid: Size): Float32Array {
  const width = grid[1];
  const cells = grid[0] * width;
  const steps = new Float32Array(cells);
  for (let start = 0; start < planes.length; start += cells) {
    for (let i = 0, at = start; i < cells; i++, at++) {
      const down = i + width < cells ? Math.abs(planes[at + width]! - planes[at]!) : 0;
      const across = (i + 1) % width ? Math.abs(planes[at + 1]! - planes[at]!) : 0;
      steps[i] = Math.max(steps[i]!, down, across);
    }
  }
  return largest(steps, grid, 1);
}
