import { useEffect, useRef } from "preact/hooks";
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
  return (
    <div class="preview" data-working={isWorking}>
      <canvas ref={canvas} role="img" aria-label={words.stage.preview(photo.name)} />
    </div>
  );
}

/** Row by row, and a few milliseconds at a time: a network runs meanwhile, and the page answers. */
async function draw(canvas: HTMLCanvasElement, photo: Photo, signal: AbortSignal): Promise<void> {
  const [height, width] = photo.size;
  const ratio = Math.min(1, MOST / Math.max(height, width));
  const [rows, columns] = [Math.max(1, Math.round(height * ratio)), Math.max(1, Math.round(width * ratio))];
  canvas.width = columns;
  canvas.height = rows;
  const pen = canvas.getContext("2d")!;
  const places = Int32Array.from({ length: columns }, (_, x) => Math.min(width - 1, Math.floor((x + 0.5) / ratio)));
  const pixels = new ImageData(columns, 1);
  let isOver = deadline();
  for (let y = 0; y < rows; y++) {
    if (isOver()) {
      await pause();
      if (signal.aborted) return;
      isOver = deadline();
    }
    fill(pixels.data, photo, Math.min(height - 1, Math.floor((y + 0.5) / ratio)) * width, places);
    pen.putImageData(pixels, 0, y);
  }
}

/** Writes the photo's pixels at `row` + `places` as RGBA. */
function fill(to: Uint8ClampedArray, { rgb, alpha }: Photo, row: number, places: Int32Array): void {
  for (let x = 0, i = 0; x < places.length; x++, i += 4) {
    const from = row + places[x]!;
    to[i] = rgb[3 * from]!;
    to[i + 1] = rgb[3 * from + 1]!;
    to[i + 2] = rgb[3 * from + 2]!;
    to[i + 3] = alpha ? alpha[from]! : 255;
  }
}
