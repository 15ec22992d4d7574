/**
 * Two colours behind every pixel, F and B of I = αF + (1 − α)B, from a pyramid of what the pixels say of them.
 *
 * Cells of 2ⁿ×2ⁿ pixels get one F and one B each: the pair that explains all of their pixels with the least squares and
 * differs little from the neighbours' pairs. What that takes of the pixels is five sums, Σ1, Σα, Σα², ΣI and ΣαI, so that
 * a cell with strands in it tells F from B by itself, as a regression of I on α, where a mean pixel with a mean α would
 * only tell their mixture. Multi-level as in T. Germer, T. Uelwer, S. Conrad, S. Harmeling, "Fast Multi-Level Foreground
 * Estimation", ICPR 2020; coarse levels by sums as in Galerkin's condition of multigrid methods (W. L. Briggs, V. E.
 * Henson, S. F. McCormick, "A Multigrid Tutorial", 2000).
 */
import type { Size } from "../pictures.ts";
import { cellsOf, type Level } from "./cells.ts";
import { doubled, type Field, levelsFrom, overall, relaxed, roundsOf, shifted, smoothnessAt } from "./pyramid.ts";
import { relax } from "./relax.ts";
import type { Numbers } from "./rows.ts";
import { type Part, SURROUNDINGS_PX } from "./surroundings.ts";
import { grown, halvedMarks, heightOf, type Marks, type Window, widthOf, around as windowsAround } from "./windows.ts";

const TILE = 128;
/**
 * Cells around those with soft pixels that are solved as well, the finest level first: the level below looks at half as
 * many, one more for its round and one to go over from cell to cell.
 */
const REACHES = [2, 3] as const;

/** Levels of a part: those whose cells are smaller than the ones of its surroundings. */
const LEVELS_OF_PART = 4;

/**
 * F and B of cells of 4×4 pixels, near soft pixels and zero elsewhere; null where none is soft.
 *
 * `rgb` H×W×3, `alpha` and `weight` (how much a pixel is believed; null: all alike) H×W, in [0, 1] or integers. Where these
 * are a `part` of a photo, its surroundings stand for the coarse levels.
 */
export function unmix(
  rgb: Numbers,
  alpha: Float32Array,
  weight: Numbers | null,
  size: Size,
  part: Part | null = null,
): Field | null {
  const { level, marks } = cellsOf(rgb, alpha, weight, size);
  const around = part && !isWhole(size, part) ? part.surroundings : null;
  const levels = levelsFrom(level, around ? LEVELS_OF_PART : null);
  const corner = part ? ([part.top / SURROUNDINGS_PX, part.left / SURROUNDINGS_PX] as const) : ([0, 0] as const);
  if (levels.length >= LEVELS_OF_PART) part?.surroundings.learn(levels[LEVELS_OF_PART - 1]!, ...corner);
  if (!marks.includes(1)) return null;
  const wanted: Marks[] = [marks];
  for (const { size: cells } of levels.slice(0, -1)) wanted.push(halvedMarks(wanted.at(-1)!, cells));
  const top = levels.length - 1;
  let field = around?.field ?? overall(levels[top]!);
  for (let place = top; place >= 0; place--) {
    const first = place === top && around ? corner.map((cells) => 2 * cells) : [0, 0];
    const rounds = roundsOf(around?.whole ?? size, place);
    field = solved(levels.pop()!, field, first, wanted[place]!, place, rounds);
  }
  return field;
}

function isWhole(size: Size, { surroundings }: Part): boolean {
  return size[0] === surroundings.whole[0] && size[1] === surroundings.whole[1];
}

/**
 * F and B of a level from those of the level above, which begins `first` cells of this one before it; of large ones only
 * near the marks.
 */
function solved(
  level: Level,
  above: Field,
  first: readonly number[],
  marks: Marks,
  place: number,
  rounds: number,
): Field {
  const { size } = level;
  if (Math.max(...size) <= TILE) return relaxed(level, above, first, place, rounds);
  const planes = new Float32Array(6 * size[0] * size[1]);
  for (const window of windowsAround(marks, size, TILE, REACHES[Math.min(place, REACHES.length - 1)]!)) {
    const outer = grown(window, rounds, size);
    const part = relax(level, outer, doubled(above, shifted(outer, first)), rounds, smoothnessAt(place));
    put(part, outer, window, planes, size);
  }
  return { size, planes };
}

function put(part: Float32Array, outer: Window, window: Window, planes: Float32Array, size: Size): void {
  const [height, width] = [heightOf(outer), widthOf(outer)];
  for (let plane = 0; plane < 6; plane++) {
    for (let y = window[0]; y < window[2]; y++) {
      const from = (plane * height + y - outer[0]) * width + window[1] - outer[1];
      const to = (plane * size[0] + y) * size[1] + window[1];
      planes.set(part.subarray(from, from + widthOf(window)), to);
    }
  }
}
