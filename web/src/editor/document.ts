/** The open photo: its recipe, the history of what was done to it, and how it is looked at. */
import { DEFAULTS } from "../options.ts";
import type { Box } from "../pictures.ts";
import type { Found, Photo, Session } from "../session.ts";
import { Acts } from "./acts.ts";
import type { Brush, EditorState, Looking, Settable, ToolName } from "./editor.ts";
import { History, PATCH_BUDGET } from "./history.ts";
import { KeptBox } from "./kept_box.ts";
import { labelOf } from "./labels.ts";
import { type EditedMatte, quantised } from "./matte.ts";
import type { PaintableEditor, Viewport } from "./paintable.ts";
import type { Act, Mode, Recipe } from "./recipe.ts";
import { newRecipe } from "./recipe_file.ts";
import type { Saved } from "./saved.ts";
import { allowed, fitted } from "./viewport.ts";

type Asked = Pick<Session, "smart" | "colours" | "base" | "subjects" | "shadow">;

/** What the matte that acts are drawn on is made with. */
const OF_THE_MATTE = ["subject", "transparency", "low_resolution"] as const;

/** Of the photo's shorter side: a brush that a person can begin with. */
const FIRST_BRUSH = 1 / 20;

/**
 * An editor of `photo` on `found.alpha`, the matte before any act, which goes on where `saved` left off. Acts of `saved`
 * are replayed a little later: until then `state.is_busy`.
 */
export function createEditor(
  session: Asked,
  photo: Photo,
  found: Pick<Found, "alpha" | "recipe">,
  saved: Saved | null = null,
  budget: number = PATCH_BUDGET,
): PaintableEditor {
  return new OpenDocument(session, photo, found, new History(saved?.steps, saved?.position, budget), saved?.recipe);
}

class OpenDocument implements PaintableEditor {
  readonly session: Asked;
  readonly photo: Photo;
  readonly keptBox = new KeptBox();
  shapeMode: Mode = "erase";
  viewport: Viewport = { width: 0, height: 0, ratio: 1 };
  /** The recipe without its acts: those are the history's. */
  #settings: Recipe;
  #looking: Looking;
  #tool: ToolName = "restore";
  #brush: Brush;
  #held: Looking | null = null;
  #state: EditorState | null = null;
  #rechosen: Promise<void> = Promise.resolve();
  /** Ends the wait for the matte of other subjects. */
  #choosing: AbortController | null = null;
  readonly #history: History;
  readonly #acts: Acts;
  readonly #heard = new Set<() => void>();
  readonly #heardTrouble = new Set<(error: unknown) => void>();
  readonly #heardPixels = new Set<(boxes: readonly Box[]) => void>();

  constructor(
    session: Asked,
    photo: Photo,
    found: Pick<Found, "alpha" | "recipe">,
    history: History,
    recipe: Recipe = newRecipe(photo, found.recipe),
  ) {
    this.session = session;
    this.photo = photo;
    this.#settings = { ...recipe, subject: recipe.subject ?? "all", ...found.recipe, acts: [] };
    this.#looking = {
      view: "cutout",
      backdrop: "checker",
      zoom: 1,
      centre: [photo.size[1] / 2, photo.size[0] / 2],
      split: null,
    };
    const diameter_px = Math.max(2, Math.round(Math.min(...photo.size) * FIRST_BRUSH));
    this.#brush = { diameter_px, hardness: 0.5, opacity: 1 };
    this.#history = history;
    const base = quantised(found.alpha);
    this.#acts = new Acts(base, this.#history, {
      photo,
      session,
      recipe: (acts) => ({ ...this.#settings, acts }),
      changed: (boxes) => {
        for (const heard of this.#heardPixels) heard(boxes);
      },
      told: () => this.#tell(),
    });
    if (this.#history.doneActs.length) void this.#acts.rebase(base).catch((error: unknown) => this.complain(error));
  }

  get matte(): EditedMatte {
    return this.#acts.matte;
  }

  get current(): Act | null {
    return this.#acts.current;
  }

  get state(): EditorState {
    this.#state ??= {
      recipe: { ...this.#settings, acts: this.#history.doneActs.map((step) => step.act) },
      looking: this.#looking,
      tool: this.#tool,
      brush: this.#brush,
      can_undo: this.#history.last !== null,
      can_redo: this.#history.next !== null,
      is_busy: this.#choosing !== null || this.#acts.isBusy,
      undo_label: labelOf(this.#history.last),
      redo_label: labelOf(this.#history.next),
    };
    return this.#state;
  }

  subscribe(heard: () => void): () => void {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  }

  onPixels(heard: (boxes: readonly Box[]) => void): () => void {
    this.#heardPixels.add(heard);
    return () => this.#heardPixels.delete(heard);
  }

  onTrouble(heard: (error: unknown) => void): () => void {
    this.#heardTrouble.add(heard);
    return () => this.#heardTrouble.delete(heard);
  }

  complain(error: unknown): void {
    for (const heard of this.#heardTrouble) heard(error);
  }

  shapeWith(mode: Mode): void {
    this.shapeMode = mode;
    this.#tell();
  }

  async perform(act: Act): Promise<void> {
    this.begin(act);
    await this.commit();
  }

  begin(act: Act): void {
    this.#acts.begin(act);
    this.#tell();
  }

  extend(points: Act): void {
    this.#acts.extend(points);
  }

  async commit(): Promise<void> {
    const committed = this.#acts.commit();
    this.#tell();
    await committed;
  }

  bail(): void {
    if (this.#acts.bail()) this.#tell();
  }

  async chooseSubjects(subject: string): Promise<void> {
    this.set({ subject });
    await this.#rechosen;
  }

  async letThrough(transparency: Recipe["transparency"]): Promise<void> {
    this.set({ transparency });
    await this.#rechosen;
  }

  async solveEdges(low_resolution: Recipe["low_resolution"]): Promise<void> {
    this.set({ low_resolution });
    await this.#rechosen;
  }

  set(change: Partial<Settable>, gesture?: string): void {
    const before = Object.fromEntries(
      Object.keys(change).map((name) => [name, this.#settings[name as keyof Settable]]),
    );
    if (JSON.stringify(before) === JSON.stringify(change)) return;
    this.#change(change);
    const last = this.#history.last;
    const goesOn = gesture !== undefined && !this.#history.next && last?.kind === "set" && last.gesture === gesture;
    if (goesOn) {
      last.before = { ...before, ...last.before };
      last.after = { ...last.after, ...change };
    } else this.#history.push({ kind: "set", before, after: change, gesture: gesture ?? null });
    this.#tell();
  }

  look(change: Partial<Looking>): void {
    const looking = { ...this.#looking, ...change };
    this.#looking = this.viewport.width ? { ...looking, ...allowed(looking, this.viewport, this.photo.size) } : looking;
    this.#tell();
  }

  hold(change: Partial<Looking>): void {
    if (this.#held) return;
    this.#held = this.#looking;
    this.look(change);
  }

  release(): void {
    if (!this.#held) return;
    const { view, backdrop, split } = this.#held;
    this.#held = null;
    this.look({ view, backdrop, split });
  }

  resize(viewport: Viewport): void {
    const isFirst = this.viewport.width === 0;
    this.viewport = viewport;
    this.look(isFirst ? fitted(viewport, this.photo.size) : {});
  }

  choose(tool: ToolName): void {
    this.bail();
    this.#tool = tool;
    this.#tell();
  }

  brushWith(change: Partial<Brush>): void {
    const brush = { ...this.#brush, ...change };
    this.#brush = {
      diameter_px: Math.min(Math.max(...this.photo.size), Math.max(1, brush.diameter_px)),
      hardness: Math.min(1, Math.max(0, brush.hardness)),
      opacity: Math.min(1, Math.max(0.01, brush.opacity)),
    };
    this.#tell();
  }

  async undo(): Promise<void> {
    this.bail();
    const step = this.#history.back();
    if (!step) return;
    if (step.kind === "set") this.#change(step.before);
    const undone = step.kind === "act" ? this.#acts.undo(step) : undefined;
    this.#tell();
    await undone;
    await this.#rechosen;
  }

  async redo(): Promise<void> {
    this.bail();
    const step = this.#history.forward();
    if (!step) return;
    if (step.kind === "set") this.#change(step.after);
    const redone = step.kind === "act" ? this.#acts.redo(step) : undefined;
    this.#tell();
    await redone;
    await this.#rechosen;
  }

  async rebase(alpha: Float32Array, found: Found["recipe"]): Promise<void> {
    this.#choosing?.abort();
    // Numbers are those of one matte.
    const { transparency, low_resolution } = DEFAULTS;
    this.#settings = { ...this.#settings, ...found, subject: "all", transparency, low_resolution };
    await this.#acts.rebase(quantised(alpha));
  }

  get historyBytes(): number {
    return this.#acts.bytes;
  }

  alpha(): Float32Array {
    return this.matte.alpha();
  }

  saved(): Saved {
    return { recipe: this.state.recipe, steps: this.#history.saved(), position: this.#history.position };
  }

  close(): void {
    this.#choosing?.abort();
    this.#acts.close();
    this.#heard.clear();
    this.#heardPixels.clear();
    this.#heardTrouble.clear();
  }

  #change(change: Partial<Settable>): void {
    const before = this.#settings;
    this.#settings = { ...before, ...change };
    if (OF_THE_MATTE.every((name) => this.#settings[name] === before[name])) return;
    this.#choosing?.abort();
    const choosing = new AbortController();
    this.#choosing = choosing;
    this.#rechosen = this.#rechoose(choosing);
  }

  /** The acts on the matte of the subjects that the settings name. */
  async #rechoose(choosing: AbortController): Promise<void> {
    try {
      const alpha = await this.session.base(this.photo, this.#settings, choosing.signal);
      if (!choosing.signal.aborted) await this.#acts.rebase(quantised(alpha));
    } catch (error) {
      if (!choosing.signal.aborted) this.complain(error);
    } finally {
      if (this.#choosing === choosing) {
        this.#choosing = null;
        this.#tell();
      }
    }
  }

  #tell(): void {
    this.#state = null;
    for (const heard of this.#heard) heard();
  }
}
