import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Editor } from "../../editor/editor.ts";
import type { Background, Recipe } from "../../editor/recipe.ts";
import type { Box, Size } from "../../pictures.ts";
import { arrange, type Layout, subjectBox } from "../../steps/arrange.ts";
import { roomOf } from "../../steps/shade.ts";
import { words } from "../../strings/words.ts";
import { useWatched } from "../desk/store.ts";

/** The longest side of the picture, and of the small photo that it is drawn from, in device px. */
const SIDE = 480;

/** A photo made small, with its matte: enough to see where things land. */
interface Small {
  readonly picture: OffscreenCanvas;
  readonly size: Size;
  readonly ratio: number;
  readonly box: Box;
}

/** How the finished picture is laid out, before it is made: the steps' own arithmetic on a small copy. */
export function LayoutPreview({ editor, recipe }: { editor: Editor; recipe: Recipe }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const small = useMemo(() => shrunk(editor), [editor, recipe.acts, recipe.predictions]);
  const kept = useWatched(editor.keptBox, (box) => box);
  const layout = useMemo(
    () => laidOut(editor.photo.size, small, recipe, kept),
    [small, recipe.canvas, recipe.shadow, recipe.reflection, kept],
  );
  useEffect(() => {
    if (layout) draw(canvas.current!, small, layout, recipe);
  }, [small, layout, recipe.background, recipe.shadow]);
  if (!layout) return null;
  const [height, width] = layout.canvas;
  return (
    <figure class="layout-preview">
      <canvas ref={canvas} class="checker" role="img" aria-label={words.canvas.preview} />
      <figcaption class="quiet">{words.canvas.pixels(width, height)}</figcaption>
    </figure>
  );
}

function shrunk(editor: Editor): Small {
  const { photo } = editor;
  const ratio = Math.min(1, SIDE / Math.max(...photo.size));
  const [rows, columns] = photo.size.map((side) => Math.max(1, Math.round(side * ratio))) as [number, number];
  const matte = editor.alpha();
  const pixels = new ImageData(columns, rows);
  const seen = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const row = Math.min(photo.size[0] - 1, Math.floor((y + 0.5) / ratio)) * photo.size[1];
    for (let x = 0; x < columns; x++) {
      const from = row + Math.min(photo.size[1] - 1, Math.floor((x + 0.5) / ratio));
      const to = y * columns + x;
      for (let c = 0; c < 3; c++) pixels.data[to * 4 + c] = photo.rgb[from * 3 + c]!;
      seen[to] = matte[from]!;
      pixels.data[to * 4 + 3] = seen[to]! * 255;
    }
  }
  const picture = new OffscreenCanvas(columns, rows);
  picture.getContext("2d")!.putImageData(pixels, 0, 0);
  const box = subjectBox(seen, [rows, columns]).map((at) => Math.round(at / ratio)) as unknown as Box;
  return { picture, size: [rows, columns], ratio, box };
}

function laidOut(whole: Size, { box }: Small, recipe: Recipe, kept: Box | null | undefined): Layout | null {
  try {
    return arrange(whole, box, recipe.canvas, roomOf(recipe, box, kept));
  } catch {
    // A canvas that no memory holds: the download says so.
    return null;
  }
}

function draw(canvas: HTMLCanvasElement, small: Small, layout: Layout, { background, shadow }: Recipe): void {
  const ratio = SIDE / Math.max(...layout.canvas);
  canvas.height = Math.max(1, Math.round(layout.canvas[0] * ratio));
  canvas.width = Math.max(1, Math.round(layout.canvas[1] * ratio));
  const context = canvas.getContext("2d")!;
  const paint = filling(context, background, canvas.width, canvas.height);
  if (paint) {
    context.fillStyle = paint;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  const [top, left, bottom, right] = layout.source.map((at) => at * small.ratio) as unknown as Box;
  // Lengths of a shadow are in px of the photo; here the subject is this much smaller.
  const scale = (layout.size[1] / (layout.source[3] - layout.source[1])) * ratio;
  if (shadow.kind === "drop") {
    const angle = (shadow.angle_deg * Math.PI) / 180;
    context.shadowColor = `rgb(0 0 0 / ${shadow.opacity})`;
    context.shadowBlur = shadow.softness_px * scale * 2;
    context.shadowOffsetX = Math.cos(angle) * shadow.distance_px * scale;
    context.shadowOffsetY = Math.sin(angle) * shadow.distance_px * scale;
  }
  const [y, x] = layout.corner;
  const [height, width] = layout.size;
  const at = [x, y, width, height].map((length) => length * ratio) as [number, number, number, number];
  context.drawImage(small.picture, left, top, right - left, bottom - top, ...at);
}

/** What fills the canvas; a picture and a blur are shown as grey here. */
function filling(
  context: CanvasRenderingContext2D,
  background: Background,
  width: number,
  height: number,
): string | CanvasGradient | null {
  if (background.kind === "transparent") return null;
  if (background.kind === "colour") return background.colour;
  if (background.kind !== "gradient") return "#9aa3a6";
  const angle = (background.angle_deg * Math.PI) / 180;
  const reach = (Math.abs(Math.cos(angle)) * width + Math.abs(Math.sin(angle)) * height) / 2;
  const [dx, dy] = [Math.cos(angle) * reach, Math.sin(angle) * reach];
  const gradient = context.createLinearGradient(width / 2 - dx, height / 2 - dy, width / 2 + dx, height / 2 + dy);
  gradient.addColorStop(0, background.from);
  gradient.addColorStop(1, background.to);
  return gradient;
}
