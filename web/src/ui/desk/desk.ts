/**
 * The desk: photos in a queue, one of them open in the editor. One is cut out at a time, while the last is diagnosed; one
 * that fails never stops the rest. Photos that are not open keep their recipe only, so that memory does not grow with the queue.
 */
import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Recipe } from "../../editor/recipe.ts";
import type { Found, Packed, Progress, Session, Sketch } from "../../session.ts";
import { Hand, type Held } from "./hand.ts";
import type { Incoming } from "./intake.ts";
import { type DeskState, factsOf, type Item } from "./item.ts";
import { Items } from "./items.ts";
import { firstQuality } from "./preferences.ts";
import { Pump } from "./pump.ts";
import { freshRecipe, type Shared, settingsOf, UNTOUCHED } from "./recipes.ts";
import type { Store } from "./store.ts";
import type { Surroundings } from "./surroundings.ts";

export class Desk {
  readonly #items: Items;
  readonly #around: Surroundings;
  readonly #hand: Hand;
  readonly #pump: Pump<Item>;
  #opening: AbortController | null = null;
  /** Given to photos that come, once somebody shared them. */
  #settings: Shared = UNTOUCHED;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#items = new Items(around.forget);
    this.#hand = new Hand(around.session);
    this.#pump = new Pump(
      around.ready,
      () => this.#items.nextWaiting(),
      (item, free) => this.#work(item, free),
    );
  }

  get state(): Store<DeskState> {
    return this.#items.state;
  }

  get session(): Session {
    return this.#around.session;
  }

  get replay(): Surroundings["replay"] {
    return this.#around.replay;
  }

  item(key: number | null): Item | null {
    return this.#items.get(key);
  }

  /** `isAside`: nobody asks to see these photos now; the one that is open stays. */
  add(files: readonly Incoming[], isAside = false): void {
    const [first, ...others] = this.#items.append(files);
    if (!first) return;
    const { selected } = this.state.value;
    // One photo is meant to be seen; several must not take away the one that is open.
    const isSeen = selected === null || (!others.length && !isAside);
    void this.select(isSeen ? first.key : selected);
    void this.#pump.run();
  }

  /** A photo of an earlier visit: behind those that were quicker, and not beside itself. */
  bringBack(photo: Incoming): void {
    const isHere = this.#items.all.some(({ file, name }) => name === photo.name && file.size === photo.file.size);
    if (!isHere) this.add([photo], true);
  }

  /** Puts a photo in the middle; the one that was there keeps what was done to it. */
  async select(key: number): Promise<void> {
    if (this.state.value.selected === key && (this.state.value.opened || this.#hand.isRunning(key))) return;
    this.#shut();
    this.state.change({ selected: key });
    const held = this.#hand.get(key);
    if (held) return this.#show(key, held);
    const item = this.item(key);
    if (item?.state !== "done" || !item.recipe) return;
    const opening = new AbortController();
    this.#opening = opening;
    try {
      await this.#reopen(key, item, item.recipe, opening.signal);
    } catch (error) {
      if (!opening.signal.aborted) this.#items.patch(key, { state: "failed", error });
    }
  }

  /** The picture of an editor is on the screen. */
  see(editor: PaintableEditor): void {
    this.#items.see(editor);
  }

  /** Resolves when what is shown of a photo has its whole recipe. */
  whole(key: number): Promise<void> {
    return this.#hand.whole(key);
  }

  stop(key: number): void {
    this.#hand.stop(key);
    if (this.item(key)?.state === "waiting") this.#items.patch(key, { state: "stopped" });
  }

  stopAll(): void {
    for (const item of this.#items.all) this.stop(item.key);
  }

  retry(key: number): void {
    this.#items.patch(key, { state: "waiting", error: null, progress: null });
    void this.select(key);
    void this.#pump.run();
  }

  remove(key: number): void {
    this.stop(key);
    const isSelected = this.state.value.selected === key;
    const sha256 = this.recipe(key)?.photo.sha256;
    if (sha256) this.#around.closed(sha256);
    if (isSelected) this.#shut();
    const neighbour = this.#items.drop(key);
    if (!isSelected) return;
    this.state.change({ selected: null });
    if (neighbour) void this.select(neighbour.key);
  }

  /** Gives a recipe to the photo of the queue that it was made for; false where there is none. */
  apply(recipe: Recipe): boolean {
    const item = this.#items.madeFor(recipe);
    if (!item) return false;
    if (this.state.value.selected === item.key) this.#shut();
    this.#items.patch(item.key, { recipe });
    void this.select(item.key);
    return true;
  }

  /** Gives every photo the background, shadow, canvas and sliders of the open one. */
  shareSettings(): void {
    const editor = this.state.value.opened?.editor;
    if (!editor) return;
    this.#settings = settingsOf(editor.state.recipe);
    this.#items.shareWithOthers(this.#settings);
  }

  /** Says what the finer network costs, or asks it at once where it is here. */
  async offerFiner(): Promise<void> {
    const offer = await this.session.cost("full");
    if (offer > 0) this.state.change({ offer });
    else this.answerOffer(true);
  }

  /** The answer to an offer: the finer network for all photos from here on, or never. */
  answerOffer(isWanted: boolean): void {
    this.state.change({ offer: null });
    this.#around.preferences.change({ quality: isWanted ? "full" : "small" });
    if (isWanted) this.refine();
  }

  /** Asks the finer network about every photo that only the small one has seen. */
  refine(): void {
    this.#items.askAnew();
    void this.#pump.run();
  }

  /** The recipe of a photo as it is now. */
  recipe(key: number): Recipe | null {
    return this.#editorOf(key)?.state.recipe ?? this.item(key)?.recipe ?? null;
  }

  /** Calls `free` once all that is left is what is said of its matte. */
  async #work({ key, file, name, recipe }: Item, free: () => void): Promise<void> {
    const signal = this.#hand.begin(key);
    this.#items.patch(key, { state: "opening", error: null });
    try {
      const held = await this.#hold(key, file, name, signal);
      this.#items.patch(key, { state: "running", notes: held.photo.notes });
      const kept = recipe ?? (await this.#around.lastSaved(held.photo.sha256));
      const quality = await firstQuality(this.session, this.#around.preferences.value.quality);
      const report = (progress: Progress): void => this.#items.patch(key, { progress });
      let isLast = false;
      for await (const heard of this.session.cutOut(held.photo, quality, report, signal)) {
        if ("report" in heard) this.#items.patch(key, { report: heard.report });
        else if ("opacity" in heard) this.#sketch(key, held, heard);
        else if ("alpha" in heard) {
          isLast = heard.is_final;
          await this.#take(key, held, heard, kept);
        } else {
          this.#complete(key, heard);
          if (isLast && held.photo.rgb.length <= 3 * this.#around.mostBeside) free();
        }
      }
      this.#items.patch(key, { state: "done", progress: null });
      if (this.state.value.selected === key && this.#around.preferences.value.quality === "ask" && quality === "small")
        this.state.change({ offer: await this.session.cost("full") });
    } catch (error) {
      const isStopped = signal.aborted;
      // A cutout that was there before a finer one failed or was stopped is still good, once its recipe says all of it.
      const state = this.recipe(key)?.predictions.length ? "done" : isStopped ? "stopped" : "failed";
      this.#items.patch(key, { state, progress: null, error: isStopped ? null : error });
      if (state !== "done") this.#sketch(key, this.#hand.get(key), null);
    } finally {
      this.#hand.end(key, signal);
      this.#release(key);
    }
  }

  async #hold(key: number, file: Blob, name: string, signal: AbortSignal): Promise<Held> {
    const known = this.#hand.get(key);
    if (known) return known;
    const held = this.#hand.take(key, await this.session.open(file, name, signal));
    void this.#draw(key, held);
    if (this.state.value.selected === key) await this.#show(key, held);
    return held;
  }

  /** The small picture of a photo; nobody waits for it, a cutout on its way to the screen least of all. */
  async #draw(key: number, held: Held): Promise<void> {
    await this.#around.idle();
    const thumbnail = await this.#around.thumbnail(held.photo, held.alpha);
    if (this.item(key)) this.#items.patch(key, { thumbnail });
    else this.#around.forget(thumbnail);
  }

  /** Something to look at until there is a matte, and none where none will come. */
  #sketch(key: number, held: Held | null, sketch: Sketch | null): void {
    if (!held || this.item(key)?.found) return;
    held.sketch = sketch;
    if (sketch) this.#hand.packs(key);
    this.#items.sketch(key, sketch);
  }

  async #take(key: number, held: Held, found: Found, kept: Recipe | null): Promise<void> {
    const before = this.item(key);
    // A first answer is no news to a photo that has a better one.
    if (before?.found?.is_final && !found.is_final) return;
    held.alpha = found.alpha;
    const now = this.recipe(key) ?? kept;
    const fresh = freshRecipe(held.photo, found.recipe, this.#settings);
    if (!found.recipe.predictions.length) this.#hand.packs(key);
    this.#items.patch(key, {
      first_s: before?.first_s ?? found.seconds,
      found: factsOf(found),
      recipe: { ...fresh, ...settingsOf(now ?? fresh), acts: now?.acts ?? [] },
    });
    if (this.state.value.selected === key) {
      const editor = this.#editorOf(key);
      if (editor) await editor.rebase(found.alpha, found.recipe);
      else await this.#show(key, held);
    }
    void this.#draw(key, held);
  }

  /** The recipe of what was taken last is whole; of a first answer that was no news, nothing is wanted. */
  #complete(key: number, { predictions }: Packed): void {
    if (!this.#hand.packed(key)) return;
    const recipe = this.item(key)?.recipe;
    if (recipe) this.#items.patch(key, { recipe: { ...recipe, predictions } });
    this.#editorOf(key)?.complete(predictions);
  }

  #editorOf(key: number): PaintableEditor | null {
    const { opened } = this.state.value;
    return opened?.key === key ? opened.editor : null;
  }

  async #reopen(key: number, item: Item, recipe: Recipe, signal: AbortSignal): Promise<void> {
    const photo = await this.session.open(item.file, item.name, signal);
    if (signal.aborted) return this.session.close(photo);
    const held = this.#hand.take(key, photo);
    await this.#show(key, held);
    held.alpha = await this.session.base(photo, recipe, signal);
    if (this.state.value.selected === key) await this.#show(key, held);
  }

  async #show(key: number, held: Held): Promise<void> {
    const { photo, sketch, alpha } = held;
    this.state.change({ opened: { key, photo, sketch, editor: null, isSeen: false } });
    const recipe = this.item(key)?.recipe;
    if (!alpha || !recipe) return;
    const editor = await this.#around.openEditor(this.session, photo, alpha, recipe);
    if (this.state.value.selected !== key || this.#hand.get(key) !== held) return editor.close();
    this.state.change({ opened: { key, photo, sketch, editor, isSeen: false } });
  }

  #shut(): void {
    const { opened } = this.state.value;
    this.#opening?.abort();
    this.#opening = null;
    if (!opened) return;
    if (opened.editor) {
      this.#items.patch(opened.key, { recipe: opened.editor.state.recipe });
      opened.editor.close();
    }
    this.state.change({ opened: null, offer: null, selected: null });
    this.#release(opened.key);
  }

  #release(key: number): void {
    this.#hand.release(key, this.state.value.selected === key);
  }
}
