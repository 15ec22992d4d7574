/** The open photo: its recipe, the history of what was done to it, and how it is looked at. */
import { Listeners } from "../listeners.ts";
import { DEFAULTS } from "../options.ts";
import type { Box } from "../pictures.ts";
import type { Found, Photo, Session } from "../session.ts";
import { Acts } from "./acts.ts";
import { BaseMatte } from "./base_matte.ts";
import type { Brush, EditorState, Looking, Settable, ToolName } from "./editor.ts";
import { History, PATCH_BUDGET } from "./history.ts";
import { KeptBox } from "./kept_box.ts";
import { labelOf } from "./labels.ts";
import { type EditedMatte, quantised } from "./matte.ts";
import type { PaintableEditor, Viewport } from "./paintable.ts";
import type { Act, Mode, Recipe } from "./recipe.ts";
import { newRecipe, UNSAID } from "./recipe_file.ts";
import type { Saved } from "./saved.ts";
import { allowed, fitted, middleOf } from "./viewport.ts";

type Asked = Pick<Session, "smart" | "colours" | "base" | "subjects" | "shadow">;

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
  readonly #base: BaseMatte;
  readonly #history: History;
  readonly #acts: Acts;
  readonly #heard = new Listeners();
  readonly #heardTrouble = new Listeners<[error: unknown]>();
  readonly #heardPixels = new Listeners<[boxes: readonly Box[]]>();

  constructor(
    session: Asked,
    photo: Photo,
    found: Pick<Found, "alpha" | "recipe">,
    history: History,
    recipe: Recipe = newRecipe(photo, found.recipe),
  ) {
    this.session = session;
    this.photo = photo;
    this.#settings = { ...newRecipe(photo, found.recipe), ...UNSAID, ...recipe, ...found.recipe, acts: [] };
    this.#looking = { view: "cutout", backdrop: "checker", split: null, zoom: 1, centre: middleOf(photo.size) };
    const diameter_px = Math.max(2, Math.round(Math.min(...photo.size) * FIRST_BRUSH));
    this.#brush = { diameter_px, hardness: 0.5, opacity: 1 };
    this.#history = history;
    this.#base = new BaseMatte({
      ask: (asked, signal) => session.base(photo, asked, signal),
      rebase: (alpha) => this.#acts.rebase(quantised(alpha)),
      complain: (error) => this.complain(error),
      told: () => this.#tell(),
    });
    const base = quantised(found.alpha);
    this.#acts = new Acts(base, this.#history, {
      photo,
      session,
      recipe: (acts) => ({ ...this.#settings, acts }),
      changed: (boxes) => this.#heardPixels.tell(boxes),
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
      is_busy: this.#base.isBusy || this.#acts.isBusy,
      undo_label: labelOf(this.#history.last),
      redo_label: labelOf(this.#history.next),
    };
    return this.#state;
  }

  subscribe(heard: () => void): () => void {
    return this.#heard.add(heard);
  }

  onPixels(heard: (boxes: readonly Box[]) => void): () => void {
    return this.#heardPixels.add(heard);
  }

  onTrouble(heard: (error: unknown) => void): () => void {
    return this.#heardTrouble.add(heard);
  }

  complain(error: unknown): void {
    this.#heardTrouble.tell(error);
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

  chooseSubjects = (subject: string): Promise<void> => this.#remake({ subject });

  letThrough = (transparency: Recipe["transparency"]): Promise<void> => this.#remake({ transparency });

  solveEdges = (low_resolution: Recipe["low_resolution"]): Promise<void> => this.#remake({ low_resolution });

  async drawBy(change: Partial<Pick<Settable, "method" | "screen" | "despill">>): Promise<void> {
    const asked = this.#base.isFor({ ...this.#settings, ...change });
    this.#tell();
    if (await asked) await this.#remake(change);
  }

  async #remake(change: Partial<Settable>): Promise<void> {
    this.set(change);
    await this.#base.made;
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
    await this.#base.made;
  }

  async redo(): Promise<void> {
    this.bail();
    const step = this.#history.forward();
    if (!step) return;
    if (step.kind === "set") this.#change(step.after);
    const redone = step.kind === "act" ? this.#acts.redo(step) : undefined;
    this.#tell();
    await redone;
    await this.#base.made;
  }

  async rebase(alpha: Float32Array, found: Found["recipe"]): Promise<void> {
    this.#base.stop();
    // Numbers are those of one matte.
    const { transparency, low_resolution } = DEFAULTS;
    const network = { ...found, method: "network", subject: "all", transparency, low_resolution } as const;
    this.#settings = { ...this.#settings, ...network };
    await this.#acts.rebase(quantised(alpha));
  }

  complete(predictions: Recipe["predictions"]): void {
    this.#settings = { ...this.#settings, predictions };
    this.#tell();
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
    this.#base.stop();
    this.#acts.close();
    this.#heard.clear();
    this.#heardPixels.clear();
    this.#heardTrouble.clear();
  }

  #change(change: Partial<Settable>): void {
    const before = this.#settings;
    this.#settings = { ...before, ...change };
    this.#base.changed(before, this.#settings);
  }

  #tell(): void {
    this.#state = null;
    this.#heard.tell();
  }
}
