/**
 * What the page sees of the editor: the open photo, its recipe, the history. `create_editor` in `document.ts` makes one.
 *
 * Every act is one step of the history: `begin` marks, `extend` goes on, `commit` ends and `bail` (Escape) takes back.
 * Looking about (zoom, pan, view) never is.
 */
import type { Photo } from "../session.ts";
import type { KeptBox } from "./kept_box.ts";
import type { Act, Recipe } from "./recipe.ts";

export type View = "cutout" | "overlay" | "matte" | "original";
export type Backdrop = "checker" | "white" | "black" | { readonly colour: string };
export type ToolName = "restore" | "erase" | "smart-restore" | "smart-erase" | "lasso" | "rectangle" | "hand";

/** The settings of a recipe that sliders and panels change. */
export type Settable = Pick<
  Recipe,
  | "subject"
  | "low_resolution"
  | "method"
  | "screen"
  | "despill"
  | "transparency"
  | "edge_shift"
  | "edge_softness"
  | "edge_contrast"
  | "decontaminate"
  | "background"
  | "shadow"
  | "reflection"
  | "canvas"
>;

export interface Looking {
  readonly view: View;
  readonly backdrop: Backdrop;
  /** Screen px for one photo px. */
  readonly zoom: number;
  /** The photo's point in the middle of the screen. */
  readonly centre: readonly [x: number, y: number];
  /** Where before gives way to after, 0..1 of the width, or null. */
  readonly split: number | null;
}

export interface Brush {
  readonly diameter_px: number;
  readonly hardness: number;
  readonly opacity: number;
}

export interface EditorState {
  readonly recipe: Recipe;
  readonly looking: Looking;
  readonly tool: ToolName;
  readonly brush: Brush;
  readonly can_undo: boolean;
  readonly can_redo: boolean;
  readonly is_busy: boolean;
  /** What undo would take back, for a tooltip and a screen reader. */
  readonly undo_label: string | null;
  readonly redo_label: string | null;
}

export interface Editor {
  readonly photo: Photo;
  /** Where the photo's own shadow lies, once it was shown. */
  readonly keptBox: KeptBox;
  readonly state: EditorState;
  /** Calls `heard` after every change; gives back what stops it. */
  subscribe(heard: () => void): () => void;
  /** One whole act, as scripts and tests do it. */
  perform(act: Act): Promise<void>;
  begin(act: Act): void;
  extend(points: Act): void;
  commit(): Promise<void>;
  bail(): void;
  /** Changes settings; calls with the same `gesture` become one step (a slider that is dragged). */
  set(change: Partial<Settable>, gesture?: string): void;
  /** Keeps these subjects only, as the option `subject` writes them; resolves when the matte shows it. */
  chooseSubjects(subject: string): Promise<void>;
  /** Lets glass and smoke through or not; resolves when the matte shows it. */
  letThrough(transparency: Recipe["transparency"]): Promise<void>;
  /** Solves for the edges of a photo of few pixels or not; resolves when the matte shows it. */
  solveEdges(low_resolution: Recipe["low_resolution"]): Promise<void>;
  /** Lets a method without a network draw, or the network again; rejects where the photo is not one for it. */
  drawBy(change: Partial<Pick<Settable, "method" | "screen" | "despill">>): Promise<void>;
  look(change: Partial<Looking>): void;
  choose(tool: ToolName): void;
  brushWith(change: Partial<Brush>): void;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** A better matte arrived (the final network): acts are replayed on it; not a step of the history. */
  rebase(alpha: Float32Array, found: Pick<Recipe, "predictions" | "presence" | "specks" | "edges">): Promise<void>;
  /** What the networks answered of this matte was packed for the recipe; not a step of the history. */
  complete(predictions: Recipe["predictions"]): void;
  /** The matte after all acts, H×W, before the sliders. */
  alpha(): Float32Array;
  close(): void;
}
