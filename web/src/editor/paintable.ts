/** What the canvas needs of an open editor besides what the page sees. */
import type { Box } from "../pictures.ts";
import type { Session } from "../session.ts";
import type { Editor, Looking } from "./editor.ts";
import type { EditedMatte } from "./matte.ts";
import type { Act, Mode } from "./recipe.ts";
import type { Saved } from "./saved.ts";

/** The part of the screen that the photo is looked at through, in device pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

export interface PaintableEditor extends Editor {
  readonly session: Pick<Session, "colours" | "subjects" | "shadow">;
  readonly matte: EditedMatte;
  readonly viewport: Viewport;
  /** The act that goes on, for its outline. */
  readonly current: Act | null;
  /** The canvas says how large it is; the first time the photo is fitted into it. */
  resize(viewport: Viewport): void;
  /** Calls `heard` with what changed of the matte; gives back what stops it. */
  onPixels(heard: (boxes: readonly Box[]) => void): () => void;
  /** Looks otherwise until `release`: hold to compare. */
  hold(change: Partial<Looking>): void;
  release(): void;
  /** What lasso and rectangle do to what they enclose. */
  readonly shapeMode: Mode;
  shapeWith(mode: Mode): void;
  /** Something failed that nobody waits for: a smart stroke begun by a pointer, say. */
  complain(error: unknown): void;
  /** Calls `heard` with what failed; gives back what stops it. */
  onTrouble(heard: (error: unknown) => void): () => void;
  /** What the history takes of memory, checkpoints included. */
  readonly historyBytes: number;
  /** The document with its history, to be kept. */
  saved(): Saved;
}
