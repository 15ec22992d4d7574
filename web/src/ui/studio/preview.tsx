import { useEffect, useRef } from "preact/hooks";
import type { Photo } from "../../session.ts";
import { words } from "../../strings/words.ts";

/** The most px a side that is drawn before there is an editor. */
const MOST = 1600;

/** The photo before its first matte. */
export function Preview({ photo, isWorking }: { photo: Photo; isWorking: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => draw(canvas.current!, photo), [photo]);
  return (
    <div class="preview" data-working={isWorking}>
      <canvas ref={canvas} role="img" aria-label={words.stage.preview(photo.name)} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, { size: [height, width], rgb, alpha }: Photo): void {
  const ratio = Math.min(1, MOST / Math.max(height, width));
  const [rows, columns] = [Math.max(1, Math.round(height * ratio)), Math.max(1, Math.round(width * ratio))];
  const pixels = new ImageData(columns, rows);
  for (let y = 0; y < rows; y++) {
    const row = Math.min(height - 1, Math.floor((y + 0.5) / ratio)) * width;
    for (let x = 0; x < columns; x++) {
      const from = row + Math.min(width - 1, Math.floor((x + 0.5) / ratio));
      const to = (y * columns + x) * 4;
      for (let c = 0; c < 3; c++) pixels.data[to + c] = rgb[from * 3 + c]!;
      pixels.data[to + 3] = alpha ? alpha[from]! : 255;
    }
  }
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}
