/** Stands in for the editor until it is here. */
import { useEffect, useRef } from "preact/hooks";
import type { Editor, EditorState, ToolName } from "../../editor/editor.ts";
import type { Recipe } from "../../editor/recipe.ts";
import type { Photo } from "../../session.ts";
import { watchedEditor } from "../context.ts";
import { useWatched } from "../desk/store.ts";

export interface Action {
  readonly name: string;
  readonly label: string;
  readonly group: "tool" | "history" | "view" | "brush";
  readonly shortcuts: readonly string[];
  isEnabled(state: EditorState): boolean;
  isPressed?(state: EditorState): boolean;
  perform(editor: Editor): void;
}

const tools: [ToolName, string, string][] = [
  ["restore", "Restore brush", "R"],
  ["erase", "Erase brush", "E"],
  ["smart-restore", "Smart restore", "Shift+R"],
  ["smart-erase", "Smart erase", "Shift+E"],
  ["lasso", "Lasso", "L"],
  ["rectangle", "Rectangle", "M"],
  ["hand", "Hand", "H"],
];
export const ACTIONS: readonly Action[] = tools.map(([tool, label, key]) => ({
  name: tool,
  label,
  group: "tool",
  shortcuts: [key],
  isEnabled: () => true,
  isPressed: (state: EditorState) => state.tool === tool,
  perform: (editor: Editor) => editor.choose(tool),
}));

export const handleKey = (_event: KeyboardEvent, _editor: Editor): boolean => false;

export function createEditor(photo: Photo, alpha: Float32Array, recipe: Recipe): Editor {
  const heard = new Set<() => void>();
  const past: Recipe[] = [];
  const future: Recipe[] = [];
  let gesture: string | undefined;
  let state: EditorState = {
    recipe,
    looking: { view: "cutout", backdrop: "checker", zoom: 0.3, centre: [0, 0], split: null },
    tool: "restore",
    brush: { diameter_px: 60, hardness: 0.8, opacity: 1 },
    can_undo: false,
    can_redo: false,
    is_busy: false,
    undo_label: null,
    redo_label: null,
  };
  const change = (part: Partial<EditorState>): void => {
    state = { ...state, ...part, can_undo: past.length > 0, can_redo: future.length > 0 };
    for (const each of heard) each();
  };
  return {
    photo,
    get state() {
      return state;
    },
    subscribe: (each) => {
      heard.add(each);
      return () => heard.delete(each);
    },
    perform: async () => {},
    begin: () => {},
    extend: () => {},
    commit: async () => {},
    bail: () => {},
    set: (settings, next) => {
      if (!next || next !== gesture) past.push(state.recipe);
      gesture = next;
      change({ recipe: { ...state.recipe, ...settings } });
    },
    look: (looking) => change({ looking: { ...state.looking, ...looking } }),
    choose: (tool) => change({ tool }),
    brushWith: (brush) => change({ brush: { ...state.brush, ...brush } }),
    undo: async () => {
      const before = past.pop();
      if (before) future.push(state.recipe);
      change(before ? { recipe: before } : {});
    },
    redo: async () => {
      const after = future.pop();
      if (after) past.push(state.recipe);
      change(after ? { recipe: after } : {});
    },
    rebase: async () => change({}),
    alpha: () => alpha,
    close: () => {},
  };
}

export function Canvas({ editor }: { editor: Editor }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const looking = useWatched(watchedEditor(editor), (state) => state.looking);
  const background = useWatched(watchedEditor(editor), (state) => state.recipe.background);
  useEffect(() => {
    const [height, width] = editor.photo.size;
    const alpha = editor.alpha();
    const pixels = new ImageData(width, height);
    for (let i = 0; i < alpha.length; i++) {
      const a = looking.view === "original" ? 1 : alpha[i]!;
      for (let c = 0; c < 3; c++)
        pixels.data[i * 4 + c] = looking.view === "matte" ? a * 255 : editor.photo.rgb[i * 3 + c]!;
      pixels.data[i * 4 + 3] = looking.view === "matte" ? 255 : a * 255;
    }
    canvas.current!.width = width;
    canvas.current!.height = height;
    canvas.current!.getContext("2d")!.putImageData(pixels, 0, 0);
  }, [looking.view]);
  const behind =
    background.kind === "colour"
      ? background.colour
      : looking.backdrop === "white"
        ? "#fff"
        : looking.backdrop === "black"
          ? "#000"
          : undefined;
  return (
    <div class="preview">
      <canvas
        ref={canvas}
        class={behind ? "" : "checker"}
        style={behind ? { background: behind } : {}}
        role="img"
        aria-label={editor.photo.name}
      />
    </div>
  );
}
