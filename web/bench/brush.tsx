/** An editor of a photo of 12 megapixels that nobody took, with what it costs measured: for `brush.py`. */
import { render } from "preact";
import { ACTIONS, actionNamed } from "../src/editor/actions/index.ts";
import { createEditor } from "../src/editor/document.ts";
import { handleKey } from "../src/editor/keymap.ts";
import { quantised } from "../src/editor/matte.ts";
import type { PaintableEditor } from "../src/editor/paintable.ts";
import type { Saved } from "../src/editor/saved.ts";
import { NO_METADATA } from "../src/pictures.ts";
import type { Photo, Session } from "../src/session.ts";
import { en } from "../src/strings/en.ts";
import { EditorCanvas } from "../src/ui/canvas.tsx";

const [HEIGHT, WIDTH] = [3000, 4000];

function madePhoto(): Photo {
  const rgb = new Uint8Array(HEIGHT * WIDTH * 3);
  for (let i = 0, seed = 1; i < rgb.length; i++) {
    seed = (seed * 48271) % 2147483647;
    rgb[i] = ((i >> 12) & 127) + (seed & 63);
  }
  return {
    id: 1,
    name: "12.jpg",
    sha256: "12",
    size: [HEIGHT, WIDTH],
    rgb,
    alpha: null,
    metadata: NO_METADATA,
    notes: [],
  };
}

/** An ellipse whose edge is as soft as hair. */
function madeMatte(): Float32Array {
  const alpha = new Float32Array(HEIGHT * WIDTH);
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i++) {
      const r =
        Math.hypot((x - WIDTH / 2) / 1300, (y - HEIGHT / 2) / 1200) + 0.01 * Math.sin(x * 0.9) * Math.sin(y * 0.7);
      alpha[i] = Math.min(1, Math.max(0, (1.02 - r) * 25));
    }
  }
  return alpha;
}

const session: Pick<Session, "smart" | "colours" | "base" | "subjects" | "shadow"> = {
  base: async () => madeMatte(),
  subjects: async () => ({ cell: 1, cells: [0, 0], labels: new Int32Array(), each: [] }),
  smart: async (...[, , , , alpha]) => alpha,
  shadow: async (...[, , [height, width]]) => new Float32Array(height * width),
  colours: async (...[photo, [top, left, bottom, right]]) => {
    const rgb = new Uint8Array((bottom - top) * (right - left) * 3);
    for (let y = top; y < bottom; y++) {
      const from = (y * photo.size[1] + left) * 3;
      rgb.set(photo.rgb.subarray(from, from + (right - left) * 3), (y - top) * (right - left) * 3);
    }
    return rgb;
  },
};

function timed<T extends (...given: never[]) => unknown>(name: string, work: T): T {
  return ((...given: never[]) => {
    performance.mark(`${name}-start`);
    const result = work(...given);
    performance.measure(name, `${name}-start`);
    return result;
  }) as T;
}

const frame = requestAnimationFrame.bind(window);
window.requestAnimationFrame = (work) => frame(timed("frame", work));
for (const type of ["pointerdown", "pointermove", "pointerup"]) {
  window.addEventListener(type, () => performance.mark(`${type}-start`), { capture: true });
  window.addEventListener(type, () => performance.measure(type, `${type}-start`));
}

const recipe = { predictions: [], presence: 0.4, specks: 0.05, edges: "photo" } as const;
const editor = createEditor(session, madePhoto(), { alpha: madeMatte(), recipe });
editor.onTrouble((error) => console.error(error));
window.addEventListener("keydown", (event) => handleKey(event, editor));
window.addEventListener("keyup", (event) => handleKey(event, editor));
render(
  <EditorCanvas onSeen={() => {}} marked={null} words={en.picture} editor={editor} />,
  document.getElementById("app")!,
);

/** The same document as a reload opens it, once its matte is there. */
async function again(saved: Saved): Promise<PaintableEditor> {
  const other = createEditor(session, madePhoto(), { alpha: madeMatte(), recipe }, saved);
  while (other.state.is_busy) await new Promise((done) => setTimeout(done));
  return other;
}

/** Whether these are the levels before any stroke. */
function isBase(levels: Uint16Array): boolean {
  const base = quantised(madeMatte());
  return levels.every((level, at) => level === base[at]);
}

Object.assign(window, { editor, ACTIONS, actionNamed, again, isBase });
