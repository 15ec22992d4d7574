/** The place of a finding, over the picture. */
import type { PaintableEditor } from "../editor/paintable.ts";
import { type Point, toScreen } from "../editor/viewport.ts";
import type { Place } from "../report.ts";

const MARKED = [255, 176, 0, 120] as const;
const pictures = new WeakMap<Place, OffscreenCanvas>();

/** Draws the marked cells, and calls `outline` with the corners of their box on the screen. */
export function drawPlace(
  pen: CanvasRenderingContext2D,
  { photo, state, viewport }: PaintableEditor,
  place: Place,
  outline: (from: Point, to: Point) => void,
): void {
  const on = (x: number, y: number): Point => toScreen([x, y], state.looking, viewport);
  const [[left, top], [right, bottom]] = [on(0, 0), on(photo.size[1], photo.size[0])];
  pen.drawImage(pictureOf(place), left, top, right - left, bottom - top);
  outline(on(place.box[1], place.box[0]), on(place.box[3], place.box[2]));
}

function pictureOf(place: Place): OffscreenCanvas {
  const known = pictures.get(place);
  if (known) return known;
  const [height, width] = place.size;
  const pixels = new ImageData(width, height);
  place.mask.forEach((mark, at) => {
    if (mark) pixels.data.set(MARKED, 4 * at);
  });
  const picture = new OffscreenCanvas(width, height);
  picture.getContext("2d")!.putImageData(pixels, 0, 0);
  pictures.set(place, picture);
  return picture;
}
