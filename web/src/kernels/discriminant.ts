/** The direction in colour along which a subject and its screen differ most (Fisher's); of Python's `kernels/chroma.py`. */
import { enlargedPlate, filled, gridSize, type Plate, times, weightsOf } from "./backdrop.ts";
import { shrink } from "./resample.ts";
import type { Rows } from "./rows.ts";
import type { Marks } from "./windows.ts";

const LEAST_VARIANCE = 2e-3;

/** Around each cell: the subject's mean colour (3), the direction along which alpha goes from 0 to 1 (3), and how far off its own pixels are on that way. */
export function discriminant(photo: Rows, behind: Plate, own: Marks): Plate {
  const grid = gridSize(photo.size);
  const cells = shrink(weightsOf(own, photo.size), grid, "box");
  const moments = filled(shrink(times(momentsOf(photo), own), grid, "box"), cells, grid);
  const back = shrink(enlargedPlate(behind, photo.size), grid, "box");
  const result = new Float32Array(7 * cells.length);
  for (let i = 0; i < cells.length; i++) {
    const [red, green, blue, rr, rg, rb, gg, gb, bb] = moments.subarray(9 * i, 9 * i + 9) as unknown as number[];
    const towards = [red! - back[3 * i]!, green! - back[3 * i + 1]!, blue! - back[3 * i + 2]!] as const;
    // The covariance, symmetric: rows (a, b, c), (b, d, e), (c, e, f).
    const [a, b, c] = [rr! - red! * red! + LEAST_VARIANCE, rg! - red! * green!, rb! - red! * blue!];
    const [d, e] = [gg! - green! * green! + LEAST_VARIANCE, gb! - green! * blue!];
    const f = bb! - blue! * blue! + LEAST_VARIANCE;
    const [aa, ab, ac] = [d * f - e * e, c * e - b * f, b * e - c * d];
    const [dd, de, ff] = [a * f - c * c, b * c - a * e, a * d - b * b];
    const determinant = a * aa + b * ab + c * ac;
    const [x, y, z] = towards;
    const way = [aa * x + ab * y + ac * z, ab * x + dd * y + de * z, ac * x + de * y + ff * z].map(
      (value) => value / determinant,
    );
    const distance = Math.max(way[0]! * x + way[1]! * y + way[2]! * z, 1e-6);
    result.set([red!, green!, blue!, ...way.map((value) => value / distance), 1 / Math.sqrt(distance)], 7 * i);
  }
  return { grid, colours: result };
}

/** Colours and their products, 9 a pixel. */
function momentsOf(photo: Rows): Rows {
  const row = new Float32Array(3 * photo.size[1]);
  return {
    size: photo.size,
    channels: 9,
    read(y, left, right, into) {
      photo.read(y, left, right, row);
      for (let x = 0, i = 0; x < 3 * (right - left); x += 3, i += 9) {
        const [red, green, blue] = [row[x]!, row[x + 1]!, row[x + 2]!];
        into[i] = red;
        into[i + 1] = green;
        into[i + 2] = blue;
        into[i + 3] = red * red;
        into[i + 4] = red * green;
        into[i + 5] = red * blue;
        into[i + 6] = green * green;
        into[i + 7] = green * blue;
        into[i + 8] = blue * blue;
      }
    },
  };
}
