/** Small pictures for the queue. They are for looking at; nothing that is saved passes through here. */
import type { Photo } from "../../session.ts";

/** The longest side, in device px: 64 css px on a sharp screen. */
const SIDE = 160;

/** An object URL of the photo at `SIDE`, seen through `alpha` (H×W in [0, 1]) where that is given. */
export async function thumbnailOf(photo: Photo, alpha: Float32Array | null): Promise<string> {
  const [height, width] = photo.size;
  const ratio = Math.min(1, SIDE / Math.max(height, width));
  const small = [Math.max(1, Math.round(height * ratio)), Math.max(1, Math.round(width * ratio))] as const;
  const canvas = new OffscreenCanvas(small[1], small[0]);
  const pixels = new ImageData(small[1], small[0]);
  for (let y = 0; y < small[0]; y++) for (let x = 0; x < small[1]; x++) sample(photo, alpha, small, y, x, pixels.data);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
}

/** Nine places spread over what the small pixel covers, averaged. */
function sample(
  photo: Photo,
  alpha: Float32Array | null,
  [rows, columns]: readonly [number, number],
  y: number,
  x: number,
  to: Uint8ClampedArray,
): void {
  const [height, width] = photo.size;
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < 9; i++) {
    const row = Math.min(height - 1, Math.floor(((y + (Math.floor(i / 3) + 0.5) / 3) * height) / rows));
    const column = Math.min(width - 1, Math.floor(((x + ((i % 3) + 0.5) / 3) * width) / columns));
    const at = row * width + column;
    const opacity = (alpha?.[at] ?? 1) * (photo.alpha ? photo.alpha[at]! / 255 : 1);
    for (let c = 0; c < 3; c++) sums[c]! += photo.rgb[at * 3 + c]! * opacity;
    sums[3]! += opacity;
  }
  const into = (y * columns + x) * 4;
  for (let c = 0; c < 3; c++) to[into + c] = sums[3]! > 0 ? sums[c]! / sums[3]! : 0;
  to[into + 3] = (sums[3]! / 9) * 255;
}
