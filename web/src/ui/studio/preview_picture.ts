/** The picture before there is an editor: the photo, and what a network drew of its subject. For looking at only. */
import { word } from "../../editor/screen/pixels.ts";
import { deadline, pause } from "../../editor/slices.ts";
import { sampledRows } from "../../kernels/sampled.ts";
import type { Photo, Sketch } from "../../session.ts";

/** The most px a side that is drawn. */
const MOST = 1600;

/**
 * Drawn row by row, and a few milliseconds at a time: a network runs meanwhile, and the page answers. It is shown once,
 * whole: each showing copies all of it.
 */
export class PreviewPicture {
  readonly #canvas: HTMLCanvasElement;
  readonly #photo: Photo;
  readonly #signal: AbortSignal;
  readonly #pixels: ImageData;
  #isWhole = false;
  #last: Promise<boolean> = Promise.resolve(true);

  constructor(canvas: HTMLCanvasElement, photo: Photo, signal: AbortSignal) {
    this.#canvas = canvas;
    this.#photo = photo;
    this.#signal = signal;
    const ratio = Math.min(1, MOST / Math.max(...photo.size));
    const [rows, columns] = photo.size.map((side) => Math.max(1, Math.round(side * ratio))) as [number, number];
    this.#pixels = new ImageData(columns, rows);
  }

  /** The whole photo, or what a sketch leaves of it, once what was asked before is shown. False where the picture was taken away. */
  show(sketch: Sketch | null): Promise<boolean> {
    this.#last = this.#last.then(async () => {
      const isDrawn = (this.#isWhole || (await this.#draw())) && (sketch === null || (await this.#cut(sketch)));
      if (isDrawn) this.#put();
      return isDrawn;
    });
    return this.#last;
  }

  async #draw(): Promise<boolean> {
    const { data, width, height } = this.#pixels;
    const to = new Uint32Array(data.buffer);
    const [down, across] = [placesOf(height, this.#photo.size[0]), placesOf(width, this.#photo.size[1])];
    this.#isWhole = await this.#rows((y) =>
      fill(to.subarray(y * width, (y + 1) * width), this.#photo, down[y]! * this.#photo.size[1], across),
    );
    return this.#isWhole;
  }

  #cut({ opacity, size }: Sketch): Promise<boolean> {
    const { data, width, height } = this.#pixels;
    const read = sampledRows(opacity, size, [0, 0, height, width], [height, width]);
    const left = new Float32Array(width);
    this.#isWhole = false;
    return this.#rows((y) => {
      read(0, y, 0, width, left);
      for (let x = 0, at = 4 * y * width + 3; x < width; x++, at += 4) data[at]! *= left[x]!;
    });
  }

  async #rows(work: (y: number) => void): Promise<boolean> {
    let isOver = deadline();
    for (let y = 0; y < this.#pixels.height; y++) {
      if (isOver()) {
        await pause();
        isOver = deadline();
      }
      if (this.#signal.aborted) return false;
      work(y);
    }
    return true;
  }

  #put(): void {
    const { width, height } = this.#pixels;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#canvas.getContext("2d")!.putImageData(this.#pixels, 0, 0);
  }
}

/** Of `count` pixels along a side of `length`, the photo's in the middle of each. */
function placesOf(count: number, length: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => Math.min(length - 1, Math.floor(((at + 0.5) * length) / count)));
}

/** Writes the photo's pixels at `row` + `places` as words of RGBA. */
function fill(to: Uint32Array, { rgb, alpha }: Photo, row: number, places: Int32Array): void {
  for (let x = 0; x < to.length; x++) {
    const from = row + places[x]!;
    to[x] = word(rgb[3 * from]!, rgb[3 * from + 1]!, rgb[3 * from + 2]!, alpha ? alpha[from]! : 255);
  }
}
