/** A session whose answers the test decides, and an editor that only remembers. */
import type { Editor, EditorState } from "../../src/editor/editor.ts";
import { KeptBox } from "../../src/editor/kept_box.ts";
import type { PaintableEditor } from "../../src/editor/paintable.ts";
import type { KeptPrediction, Recipe } from "../../src/editor/recipe.ts";
import { FeathercutError } from "../../src/errors.ts";
import { NO_METADATA } from "../../src/pictures.ts";
import type { Found, Photo, Quality, Session } from "../../src/session.ts";
import { Desk } from "../../src/ui/desk/desk.ts";
import { readPreferences } from "../../src/ui/desk/preferences.ts";
import { Store } from "../../src/ui/desk/store.ts";
import type { Surroundings } from "../../src/ui/desk/surroundings.ts";

export interface Log {
  readonly open: Set<number>;
  readonly asked: [name: string, quality: Quality][];
  readonly closedEditors: number[];
  mostOpen: number;
}

export interface Stub {
  readonly desk: Desk;
  readonly log: Log;
  readonly preferences: Surroundings["preferences"];
  readonly session: Session;
  pack(): void;
}

/**
 * Names that begin with `bad` are no pictures, with `slow` never end, with `hard` fail in the network; of `late` ones the
 * answers are packed once `pack` is called. Those with `rough` in them are sketched, and have their matte once
 * `pack` is called; `doubtful` ones have their matte, and are diagnosed then.
 */
export function stubDesk(
  costs: Record<Quality, number> = { small: 0, full: 0 },
  idle = Promise.resolve(),
  isSmall = false,
): Stub {
  const log: Log = { open: new Set(), asked: [], closedEditors: [], mostOpen: 0 };
  let pack = (): void => {};
  const packed = new Promise<void>((resolve) => (pack = resolve));
  const session = stubSession(log, costs, packed);
  const preferences = new Store(readPreferences(null));
  const desk = new Desk({
    session,
    preferences,
    mostBeside: isSmall ? 0 : 2,
    ready: Promise.resolve(),
    openEditor: (_session, photo, alpha, recipe) => stubEditor(photo, alpha, recipe, log),
    replay: async (_photo, base) => base.map((value) => value / 2),
    lastSaved: async () => null,
    idle: () => idle,
    thumbnail: async (_photo, alpha) => (alpha ? "blob:cutout" : "blob:photo"),
    forget: () => {},
    closed: () => {},
  });
  return { desk, log, preferences, session, pack };
}

function stubSession(log: Log, costs: Record<Quality, number>, packed: Promise<void>): Session {
  let ids = 0;
  return {
    machine: null,
    configure: () => {},
    onPassing: () => {},
    cost: async (quality) => costs[quality],
    async open(_file, name, signal) {
      signal.throwIfAborted();
      if (name.startsWith("bad")) throw new FeathercutError("not-a-picture", name);
      const id = ++ids;
      log.open.add(id);
      log.mostOpen = Math.max(log.mostOpen, log.open.size);
      const size = [1, 2] as const;
      return { id, name, sha256: name, size, rgb: new Uint8Array(6), alpha: null, metadata: NO_METADATA, notes: [] };
    },
    async *cutOut(photo, quality, report, signal) {
      log.asked.push([photo.name, quality]);
      report({ stage: "run", what: "u2netp", done: 0, total: 0, left_s: null });
      if (photo.name.includes("rough")) {
        yield { opacity: Float32Array.of(0, 1), size: [1, 2], seconds: 0.5 };
        await packed;
      }
      if (photo.name.startsWith("hard")) throw new FeathercutError("device", photo.name);
      const isLate = photo.name.startsWith("late");
      yield answer(quality === "small", ["u2netp"], !isLate && !photo.name.startsWith("doubtful"));
      if (isLate) {
        await Promise.race([
          packed,
          new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
        ]);
        yield { predictions: [kept("u2netp")] };
        await new Promise((resolve) => setTimeout(resolve));
        signal.throwIfAborted();
      }
      if (photo.name.startsWith("doubtful")) {
        yield { predictions: [kept("u2netp")] };
        await packed;
      }
      if (photo.name.startsWith("slow"))
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      if (quality === "full") yield answer(true, ["u2netp", "isnet-general"]);
      const verdict = photo.name.startsWith("odd") ? "look" : "fine";
      yield { report: { confidence: 0.5, findings: [], verdict, method: null } };
    },
    base: async () => Float32Array.of(1, 1),
    subjects: async () => ({ cell: 1, cells: [1, 2], labels: Int32Array.of(1, 1), each: [] }),
    judged: async () => ({ confidence: 0.5, findings: [], verdict: "fine", method: null }),
    smart: async (_photo, _recipe, _act, _box, alpha) => alpha,
    colours: async () => new Uint8Array(),
    shadow: async () => new Float32Array(),
    finish: async (photo, recipe, alpha, format) => ({
      blob: new Blob([`${photo.name} ${recipe.background.kind} ${alpha.join(",")}`]),
      name: `${photo.name.split(".")[0]}-cutout.${format}`,
    }),
    async *explain() {},
    close: (photo) => void log.open.delete(photo.id),
  };
}

function kept(model: string): KeptPrediction {
  return { model, size: [1, 2], inside: [0, 0, 1, 2], resample: "bilinear", png: "" };
}

function answer(is_final: boolean, models: readonly string[], isPacked = true): Found {
  return {
    alpha: Float32Array.of(0, 1),
    is_final,
    is_empty: false,
    recipe: { predictions: isPacked ? models.map(kept) : [], presence: 0.4, specks: 0.05, edges: "photo" },
    models,
    seconds: models.length,
  };
}

function stubEditor(photo: Photo, alpha: Float32Array, recipe: Recipe, log: Log): PaintableEditor {
  let state = { recipe, tool: "restore", can_undo: false } as unknown as EditorState;
  let matte = alpha;
  const editor: Editor = {
    photo,
    keptBox: new KeptBox(),
    get state() {
      return state;
    },
    subscribe: () => () => {},
    perform: async (act) => {
      state = { ...state, recipe: { ...state.recipe, acts: [...state.recipe.acts, act] } };
    },
    begin: () => {},
    extend: () => {},
    commit: async () => {},
    bail: () => {},
    set: (change) => {
      state = { ...state, recipe: { ...state.recipe, ...change } };
    },
    chooseSubjects: async () => {},
    letThrough: async () => {},
    solveEdges: async () => {},
    drawBy: async () => {},
    look: () => {},
    choose: () => {},
    brushWith: () => {},
    undo: async () => {},
    redo: async () => {},
    rebase: async (next, found) => {
      matte = next;
      state = { ...state, recipe: { ...state.recipe, ...found } };
    },
    complete: (predictions) => {
      state = { ...state, recipe: { ...state.recipe, predictions } };
    },
    alpha: () => matte,
    close: () => void log.closedEditors.push(photo.id),
  };
  // The desk asks for nothing of what the canvas needs besides.
  return editor as PaintableEditor;
}

export function photo(name: string): { file: Blob; name: string } {
  return { file: new Blob([name]), name };
}

/** Waits until `holds` does; fails by the test's own limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}
