import { useEffect, useRef } from "preact/hooks";
import { word } from "../../editor/screen/pixels.ts";
import { deadline, pause } from "../../editor/slices.ts";
import type { Photo } from "../../session.ts";
import { words } from "../../strings/words.ts";

/** The most px a side that is drawn before there is an editor. */
const MOST = 1600;

/** The photo before its first matte. */
export function Preview({ photo, isWorking }: { photo: Photo; isWorking: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    void draw(canvas.current!, photo, stop.signal);
    return () => stop.abort();
  }, [photo]);
  const [height, width] = photo.size;
  // As large as the photo until it is drawn, so that it has its place from the beginning.
  return (
    <div class="preview" data-working={isWorking}>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={words.stage.preview(photo.name)} />
    </div>
  );
}

/** Row by row, and a few milliseconds at a time: a network runs meanwhile, and the page answers. It is shown once, whole: each showing copies all of it. */
async function draw(canvas: HTMLCanvasElement, photo: Photo, signal: AbortSignal): Promise<void> {
  const [height, width] = photo.size;
  const ratio = Math.min(1, MOST / Math.max(height, width));
  const [rows, columns] = [Math.max(1, Math.round(height * ratio)), Math.max(1, Math.round(width * ratio))];
  const pixels = new ImageData(columns, rows);
  const drawn = new Uint32Array(pixels.data.buffer);
  const [down, across] = [placesOf(rows, height), placesOf(columns, width)];
  let isOver = deadline();
  for (let y = 0; y < rows; y++) {
    if (isOver()) {
      await pause();
      if (signal.aborted) return;
      isOver = deadline();
    }
    fill(drawn.subarray(y * columns, (y + 1) * columns), photo, down[y]! * width, across);
  }
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
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
