/**
 * The matte with the acts done to it: begun, gone on with, ended, taken back and done again.
 *
 * A smart stroke is asked of the session when it ends; until the answer its rough form stands. What is done meanwhile is
 * lifted off and laid on the answer again. Where a patch is missing, `Replaying` replays the acts.
 */
import type { Box } from "../pictures.ts";
import { type ActStep, actStep, type History } from "./history.ts";
import { EditedMatte } from "./matte.ts";
import { paintAct, StrokePainter } from "./painting.ts";
import type { Act, Stroke } from "./recipe.ts";
import { Replaying, type Surroundings, smartBoxOf } from "./replaying.ts";
import { wholeBox } from "./tiles.ts";

interface Current {
  act: Act;
  readonly painter: StrokePainter | null;
}

export class Acts {
  readonly matte: EditedMatte;
  #current: Current | null = null;
  readonly #history: History;
  readonly #around: Surroundings;
  readonly #replaying: Replaying;

  constructor(base: Uint16Array, history: History, around: Surroundings) {
    this.#history = history;
    this.#around = around;
    this.matte = new EditedMatte(around.photo.size, base.slice());
    this.#replaying = new Replaying(base, history, around, (levels) => this.#takeOver(levels));
  }

  get current(): Act | null {
    return this.#current?.act ?? null;
  }

  /** True while acts are replayed or a smart stroke waits for its answer. */
  get isBusy(): boolean {
    return this.#replaying.chase !== null || this.#history.doneActs.some((step) => step.asked);
  }

  /** What is kept of memory so that acts can be taken back. */
  get bytes(): number {
    return this.#history.bytes + this.#replaying.checkpointBytes;
  }

  begin(act: Act): void {
    this.bail();
    const painter = act.kind === "stroke" ? new StrokePainter(this.matte, this.#around.photo, act) : null;
    this.#current = { act, painter };
    if (act.kind === "stroke") this.#show(painter!.extend(act.points));
  }

  extend(more: Act): void {
    const current = this.#current;
    if (!current || current.act.kind !== more.kind) return;
    const act = current.act;
    if (more.kind === "rectangle") current.act = more;
    else current.act = { ...act, points: [...(act as Stroke).points, ...more.points] } as Act;
    if (more.kind === "stroke") this.#show(current.painter!.extend(more.points));
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
    if (!painter) this.#show(box);
    this.#history.push(step);
    const answered = this.#answer(step);
    if (!this.#replaying.isBehind) this.#replaying.passed(this.matte);
    this.#around.told();
    void this.#replaying.tidy();
    await answered;
  }

  bail(): boolean {
    if (!this.#current) return false;
    this.#current = null;
    this.#around.changed(this.matte.revert());
    return true;
  }

  /** Takes back what `step` did; the history has already gone back. */
  async undo(step: ActStep): Promise<void> {
    if (step.asked) this.#withdraw(step);
    else if (step.patch && !this.#replaying.isBehind) this.#around.changed(this.matte.undo(step.patch));
    else return this.#replaying.follow();
    this.#replaying.lookAhead().catch(() => undefined); // what could not be made ahead is made when it is asked for
  }

  /** Does `step` again; the history has already gone on. */
  async redo(step: ActStep): Promise<void> {
    if (this.#replaying.isBehind) return this.#replaying.follow();
    if (step.patch) return this.#around.changed(this.matte.redo(step.patch));
    this.#show(paintAct(this.matte, this.#around.photo, step.act));
    step.patch = this.matte.seal();
    void this.#replaying.tidy();
    await this.#answer(step);
  }

  /** The acts on another matte. */
  rebase(base: Uint16Array): Promise<void> {
    return this.#replaying.rebase(base);
  }

  close(): void {
    for (const step of this.#history.doneActs) step.asked?.abort();
    this.#replaying.close();
  }

  #show(box: Box | null): void {
    if (box) this.#around.changed([box]);
  }

  #takeOver(levels: Uint16Array): void {
    this.#beneath(() => {
      this.matte.levels = levels;
    });
    this.#show(wholeBox(this.matte.size));
  }

  /** Calls `work` with the matte as it is without the act in progress, which is drawn again afterwards. */
  #beneath(work: () => void): void {
    const painter = this.#current?.painter;
    const boxes = painter ? this.matte.revert() : [];
    work();
    this.#around.changed(boxes);
    this.#show(painter?.again() ?? null);
  }

  /** A smart stroke whose answer has not come: as if it had not been drawn. */
  #withdraw(step: ActStep): void {
    step.asked?.abort();
    step.asked = null;
    this.#beneath(() => step.patch && this.#around.changed(this.matte.undo(step.patch)));
    step.patch = null;
  }

  async #answer(step: ActStep): Promise<void> {
    const box = smartBoxOf(step.act, this.matte);
    if (!box || this.#replaying.chase) return this.#replaying.chase ?? undefined;
    const asked = new AbortController();
    step.asked = asked;
    this.#around.told();
    try {
      const alpha = this.#readUnder(step, box);
      const answer = await this.#replaying.ask(this.#history.doneActs, step, box, alpha, asked.signal);
      if (step.asked !== asked) return this.#replaying.chase ?? undefined;
      step.asked = null;
      this.#settle(step, () => this.matte.write(box, answer));
    } catch (error) {
      if (step.asked !== asked) return this.#replaying.chase ?? undefined; // withdrawn or asked anew: not a failure
      step.asked = null;
      this.#settle(step, null);
      throw error;
    } finally {
      this.#around.told();
    }
  }

  /** What lies below the newest steps from `step` on; they are put back as they were. */
  #readUnder(step: ActStep, box: Box): Float32Array {
    const since = this.#since(step);
    const painter = this.#current?.painter;
    if (painter) this.matte.revert();
    for (const one of since.toReversed()) if (one.patch) this.matte.undo(one.patch);
    const alpha = this.matte.read(box);
    for (const one of since) if (one.patch) this.matte.redo(one.patch);
    painter?.again();
    return alpha;
  }

  #since(step: ActStep): ActStep[] {
    const done = this.#history.doneActs;
    return done.slice(done.indexOf(step));
  }

  /** Puts what `write` writes in the place of the rough stroke, or nothing and takes the step out; later acts are done again on it. */
  #settle(step: ActStep, write: (() => void) | null): void {
    const [, ...later] = this.#since(step);
    this.#beneath(() => {
      for (const one of [step, ...later].toReversed()) {
        if (one.patch) this.#around.changed(this.matte.undo(one.patch));
      }
      write?.();
      step.patch = this.matte.seal();
      if (!write) this.#history.remove(step);
      this.#around.changed(step.patch.boxes);
      for (const one of later) {
        this.#show(paintAct(this.matte, this.#around.photo, one.act));
        one.patch = this.matte.seal();
      }
    });
    this.#history.forgetUndone();
    void this.#replaying.tidy();
    for (const one of later) if (smartBoxOf(one.act, this.matte)) void this.#answer(one).catch(() => undefined);
  }
}
