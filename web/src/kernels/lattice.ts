/** Colours at the nodes of a cube, and between them in tetrahedra. */

/** `nodes` are colours of three numbers, those of the last axis next to each other; `points` of them an axis, two or more. */
export class Lattice {
  readonly #points: readonly [number, number, number];
  readonly #strides: readonly [number, number, number];
  readonly #nodes: Float64Array;

  constructor(points: readonly [number, number, number], nodes: Float64Array) {
    this.#points = points;
    this.#strides = [3 * points[1] * points[2], 3 * points[2], 3];
    this.#nodes = nodes;
  }

  /** The lattice of a change of colours, in place, that is to be made millions of times. */
  static of(change: (rgb: Float32Array) => void, points: number): Lattice {
    const at = (i: number): number => (i % points) / (points - 1);
    const colours = Float32Array.from({ length: 3 * points ** 3 }, (_, i) => {
      const node = Math.floor(i / 3);
      return [at(Math.floor(node / points ** 2)), at(Math.floor(node / points)), at(node)][i % 3]!;
    });
    change(colours);
    return new Lattice([points, points, points], Float64Array.from(colours));
  }

  /** Changes the colour at `i` of `values`, three numbers that are taken to be in [0, 1], in place. */
  look(values: { [index: number]: number }, i: number): void {
    const [points, strides, nodes] = [this.#points, this.#strides, this.#nodes];
    const x = placed(values[i]!, points[0]);
    const y = placed(values[i + 1]!, points[1]);
    const z = placed(values[i + 2]!, points[2]);
    const [left, top, near] = [low(x, points[0]), low(y, points[1]), low(z, points[2])];
    const [rx, ry, rz] = [x - left, y - top, z - near];
    let node = left * strides[0] + top * strides[1] + near * strides[2];
    let [red, green, blue] = [nodes[node]!, nodes[node + 1]!, nodes[node + 2]!];
    // From the cell's lowest corner to its highest, along the axis first on which most of the way is left.
    const first = rx >= ry ? (rx >= rz ? 0 : 2) : ry >= rz ? 1 : 2;
    const last = rx < ry ? (rx <= rz ? 0 : 2) : ry < rz ? 1 : 2;
    const axes = first === last ? [0, 1, 2] : [first, 3 - first - last, last];
    for (const axis of axes) {
      const share = axis === 0 ? rx : axis === 1 ? ry : rz;
      const next = node + strides[axis]!;
      red += share * (nodes[next]! - nodes[node]!);
      green += share * (nodes[next + 1]! - nodes[node + 1]!);
      blue += share * (nodes[next + 2]! - nodes[node + 2]!);
      node = next;
    }
    values[i] = red;
    values[i + 1] = green;
    values[i + 2] = blue;
  }

  /** As `look`, by the cell's eight corners: steadier where the axes are lightness and two opponents, as in Lab. */
  blend(values: { [index: number]: number }, i: number): void {
    const [points, strides, nodes] = [this.#points, this.#strides, this.#nodes];
    const places = [0, 1, 2].map((axis) => placed(values[i + axis]!, points[axis]!));
    const cells = places.map((place, axis) => low(place, points[axis]!));
    const found = [0, 0, 0];
    for (let corner = 0; corner < 8; corner++) {
      let [node, weight] = [0, 1];
      for (let axis = 0; axis < 3; axis++) {
        const step = (corner >> axis) & 1;
        const rest = places[axis]! - cells[axis]!;
        node += (cells[axis]! + step) * strides[axis]!;
        weight *= step ? rest : 1 - rest;
      }
      for (let c = 0; c < 3; c++) found[c]! += weight * nodes[node + c]!;
    }
    for (let c = 0; c < 3; c++) values[i + c] = found[c]!;
  }
}

function placed(value: number, points: number): number {
  return Math.min(1, Math.max(0, value)) * (points - 1);
}

function low(place: number, points: number): number {
  return Math.min(points - 2, Math.floor(place));
}
