/** Small pictures for the queue. They are for looking at; nothing that is saved passes through here. */
import { deadline, pause } from "../../editor/slices.ts";
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
  await fill(pixels.data, photo, alpha, small);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
}

/** Nine places spread over what each small pixel covers, averaged; a few rows at a time, so that the page answers. */
async function fill(
  to: Uint8ClampedArray,
  { rgb, alpha: own, size }: Photo,
  alpha: Float32Array | null,
  [rows, columns]: readonly [number, number],
): Promise<void> {
  const [down, across] = [thirds(size[0], rows), thirds(size[1], columns)];
  let isOver = deadline();
  for (let y = 0, into = 0; y < rows; y++) {
    if (isOver()) {
      await pause();
      isOver = deadline();
    }
    for (let x = 0; x < columns; x++, into += 4) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let sum = 0;
      for (let i = 0; i < 9; i++) {
        const at = down[3 * y + Math.floor(i / 3)]! * size[1] + across[3 * x + (i % 3)]!;
        const opacity = (alpha ? alpha[at]! : 1) * (own ? own[at]! / 255 : 1);
        red += rgb[at * 3]! * opacity;
        green += rgb[at * 3 + 1]! * opacity;
        blue += rgb[at * 3 + 2]! * opacity;
        sum += opacity;
      }
      to[into] = sum > 0 ? red / sum : 0;
      to[into + 1] = sum > 0 ? green / sum : 0;
      to[into + 2] = sum > 0 ? blue / sum : 0;
      to[into + 3] = (sum / 9) * 255;
    }
  }
}

/** The places, of `length`, in the middle of each third of `count` equal parts. */
function thirds(length: number, count: number): Int32Array {
  const places = new Int32Array(3 * count);
  for (let i = 0; i < places.length; i++) {
    places[i] = Math.min(length - 1, Math.floor(((i + 0.5) / (3 * count)) * length));
  }
  return places;
}
