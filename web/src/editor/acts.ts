/**
 * The matte with the acts done to it: begun, gone on with, ended, taken back, done again, and replayed on another matte.
 *
 * A smart stroke is asked of the session when it ends; until the answer its rough form stands. What is done meanwhile is
 * lifted off and laid on the answer again. Where a patch is missing, the acts are replayed beside what is shown, and the
 * result takes its place once it has caught up with the history, whatever was done in the meantime.
 */
import { smartBox } from "../kernels/smart.ts";
import type { Box } from "../pictures.ts";
import type { Photo, Session } from "../session.ts";
import { type CaughtUp, catchUp } from "./catch_up.ts";
import { type ActStep, actStep, type History } from "./history.ts";
import { EditedMatte } from "./matte.ts";
import { paintAct, paintBox, painterOf, type StrokePainter } from "./painting.ts";
import type { Patch } from "./patch.ts";
import type { Act, Recipe, Stroke } from "./recipe.ts";
import { deadline, pause } from "./slices.ts";
import { wholeBox } from "./tiles.ts";

interface Current {
  act: Act;
  readonly painter: StrokePainter | null;
}

export interface Surroundings {
  readonly photo: Photo;
  readonly session: Pick<Session, "smart">;
  /** The recipe as it stands, with `acts`. */
  recipe(acts: readonly Act[]): Recipe;
  /** The matte changed inside `box`. */
  changed(box: Box): void;
  /** What is done or can be done changed. */
  told(): void;
}

export class Acts {
  readonly matte: EditedMatte;
  #current: Current | null = null;
  #base: Uint16Array;
  #chase: Promise<void> | null = null;
  #isStale = false;
  readonly #history: History;
  readonly #around: Surroundings;
  readonly #closed = new AbortController();

  constructor(base: Uint16Array, history: History, around: Surroundings) {
    this.#base = base;
    this.#history = history;
    this.#around = around;
    this.matte = new EditedMatte(around.photo.size, base.slice());
  }

  get current(): Act | null {
    return this.#current?.act ?? null;
  }

  /** True while acts are replayed or a smart stroke waits for its answer. */
  get isBusy(): boolean {
    return this.#chase !== null || this.#history.doneActs.some((step) => step.asked);
  }

  begin(act: Act): void {
    this.bail();
    const painter = act.kind === "stroke" ? painterOf(this.matte.size, act) : null;
    this.#current = { act, painter };
    if (act.kind === "stroke") this.#draw(act, act.points);
  }

  extend(more: Act): void {
    const current = this.#current;
    if (!current || current.act.kind !== more.kind) return;
    const act = current.act;
    if (more.kind === "rectangle") current.act = more;
    else current.act = { ...act, points: [...(act as Stroke).points, ...more.points] } as Act;
    if (more.kind === "stroke") this.#draw(current.act as Stroke, more.points);
  }

  /** Ends the act: one step. Resolves when it stands as it will stay; rejects, with the act taken back, where a smart stroke failed. */
  async commit(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    this.#current = null;
    const { act, painter } = current;
    const box = painter ? painter.box : paintAct(this.matte, this.#around.photo, act);
    if (!box) return;
    const step = actStep(act, this.matte.seal());
    if (!painter) this.#around.changed(box);
    this.#history.push(step);
    const answered = this.#answer(step);
    this.#around.told();
    void this.#tidy();
    await answered;
  }

  bail(): boolean {
    if (!this.#current) return false;
    this.#current = null;
    this.#show(this.matte.revert());
    return true;
  }

  /** Takes back what `step` did; the history has already gone back. */
  async undo(step: ActStep): Promise<void> {
    if (step.asked) this.#withdraw(step);
    else if (step.patch && !this.#chase && !this.#isStale) this.#show(this.matte.apply(step.patch));
    else await this.#follow();
  }

  /** Does `step` again; the history has already gone on. */
  async redo(step: ActStep): Promise<void> {
    if (this.#chase || this.#isStale) return this.#follow();
    if (step.patch) return this.#show(this.matte.apply(step.patch));
    this.#show(paintAct(this.matte, this.#around.photo, step.act));
    step.patch = this.matte.seal();
    void this.#tidy();
    await this.#answer(step);
  }

  /** The acts on another matte. */
  async rebase(base: Uint16Array): Promise<void> {
    this.#base = base;
    await this.#follow();
  }

  close(): void {
    for (const step of this.#history.doneActs) step.asked?.abort();
    this.#closed.abort();
  }

  #draw(act: Stroke, points: Stroke["points"]): void {
    const painter = this.#current!.painter!;
    const box = painter.extend(points);
    if (!box) return;
    paintBox(this.matte, this.#around.photo, act, painter, box);
    this.#around.changed(box);
  }

  #show(box: Box | null): void {
    if (box) this.#around.changed(box);
  }

  /** Calls `work` with the matte as it is without the act in progress, which is drawn again afterwards. */
  #beneath(work: () => void): void {
    const current = this.#current;
    if (current?.painter) this.#show(this.matte.revert());
    work();
    const box = current?.painter?.box;
    if (!box) return;
    paintBox(this.matte, this.#around.photo, current.act as Stroke, current.painter!, box);
    this.#around.changed(box);
  }

  /** Makes patches small, a slice at a time; at once where they are more than may be kept. */
  async #tidy(): Promise<void> {
    if (this.#history.isOverfull) this.#history.pack(() => false);
    do await pause();
    while (!this.#closed.signal.aborted && !this.#history.pack(deadline()));
  }

  /** A smart stroke whose answer has not come: as if it had not been drawn. */
  #withdraw(step: ActStep): void {
    step.asked?.abort();
    step.asked = null;
    this.#beneath(() => step.patch && this.#show(this.matte.apply(step.patch)));
    step.patch = null;
  }

  async #answer(step: ActStep): Promise<void> {
    const box = smartBoxOf(step.act, this.matte);
    if (!box || this.#chase) return this.#chase ?? undefined;
    const asked = new AbortController();
    step.asked = asked;
    this.#around.told();
    try {
      const answer = await this.#ask(this.#history.doneActs, step, box, this.#readUnder(step, box), asked.signal);
      if (step.asked !== asked) return this.#chase ?? undefined;
      step.asked = null;
      this.#settle(step, () => this.matte.write(box, answer));
    } catch (error) {
      if (step.asked !== asked) return this.#chase ?? undefined; // withdrawn or asked anew: not a failure
      step.asked = null;
      this.#settle(step, null);
      throw error;
    } finally {
      this.#around.told();
    }
  }

  #ask(steps: readonly ActStep[], step: ActStep, box: Box, alpha: Float32Array, signal: AbortSignal) {
    const acts = steps.slice(0, steps.indexOf(step) + 1).map((one) => one.act);
    const recipe = this.#around.recipe(acts);
    return this.#around.session.smart(this.#around.photo, recipe, acts.length - 1, box, alpha, signal);
  }

  /** What lies below the newest steps from `step` on. */
  #readUnder(step: ActStep, box: Box): Float32Array {
    let alpha: Float32Array = new Float32Array(0);
    this.#under(step, () => {
      alpha = this.matte.read(box);
    });
    return alpha;
  }

  /** Calls `work` with the matte as it was before `step`; what was done since is put back as it was. */
  #under(step: ActStep, work: () => void): void {
    const since = this.#since(step);
    this.#lifted(() => {
      for (const one of since.toReversed()) if (one.patch) this.matte.apply(one.patch);
      work();
      for (const one of since) if (one.patch) this.matte.apply(one.patch);
    });
  }

  /** As `#beneath`, where nothing needs to be shown in between. */
  #lifted(work: () => void): void {
    const current = this.#current;
    if (current?.painter) this.matte.revert();
    work();
    const box = current?.painter?.box;
    if (box) paintBox(this.matte, this.#around.photo, current.act as Stroke, current.painter!, box);
  }

  #since(step: ActStep): ActStep[] {
    const done = this.#history.doneActs;
    return done.slice(done.indexOf(step));
  }

  /** Puts what `write` writes in the place of the rough stroke, or nothing and takes the step out; later acts are done again on it. */
  #settle(step: ActStep, write: (() => void) | null): void {
    const [, ...later] = this.#since(step);
    this.#beneath(() => {
      for (const one of [step, ...later].toReversed()) if (one.patch) this.#show(this.matte.apply(one.patch));
      write?.();
      step.patch = this.matte.seal();
      if (!write) this.#history.remove(step);
      this.#show(step.patch.box);
      for (const one of later) {
        this.#show(paintAct(this.matte, this.#around.photo, one.act));
        one.patch = this.matte.seal();
      }
    });
    this.#history.forgetUndone();
    for (const one of later) if (smartBoxOf(one.act, this.matte)) void this.#answer(one).catch(() => undefined);
  }

  /** Replays the acts on the base until it shows what the history says. */
  #follow(): Promise<void> {
    this.#isStale = true;
    for (const step of this.#history.doneActs) {
      step.asked?.abort();
      step.asked = null;
    }
    this.#chase ??= this.#catchUp().finally(() => {
      this.#chase = null;
      this.#around.told();
    });
    this.#around.told();
    return this.#chase;
  }

  async #catchUp(): Promise<void> {
    const { signal } = this.#closed;
    await catchUp(
      {
        size: this.matte.size,
        signal,
        base: () => this.#base,
        wanted: () => this.#history.doneActs,
        replay: (matte, steps, step) => this.#replay(matte, steps, step),
      },
      (caught) => this.#takeOver(caught),
    );
  }

  async #replay(matte: EditedMatte, steps: readonly ActStep[], step: ActStep): Promise<Patch> {
    const box = smartBoxOf(step.act, matte);
    if (box) matte.write(box, await this.#ask(steps, step, box, matte.read(box), this.#closed.signal));
    else paintAct(matte, this.#around.photo, step.act);
    return matte.seal();
  }

  #takeOver({ matte, done }: CaughtUp): void {
    this.#lifted(() => {
      this.matte.levels = matte.levels;
    });
    for (const [step, patch] of done) step.patch = patch;
    this.#history.forgetUndone();
    this.#history.trim();
    this.#isStale = false;
    this.#around.changed(wholeBox(this.matte.size));
  }
}

/** The box of a smart stroke; null for every other act. */
function smartBoxOf(act: Act, matte: EditedMatte): Box | null {
  return act.kind === "stroke" && act.is_smart ? smartBox(matte.size, act) : null;
}
