/** The list of photos and what is shown of it: changes to the state, and nothing that takes time. */

import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Recipe } from "../../editor/recipe.ts";
import type { Sketch } from "../../session.ts";
import type { Incoming } from "./intake.ts";
import { type DeskState, type Item, newItem } from "./item.ts";
import type { Shared } from "./recipes.ts";
import { Store } from "./store.ts";

export class Items {
  readonly state = new Store<DeskState>({ items: [], selected: null, opened: null, offer: null });
  readonly #forget: (thumbnail: string) => void;
  #keys = 0;

  constructor(forget: (thumbnail: string) => void) {
    this.#forget = forget;
  }

  get all(): readonly Item[] {
    return this.state.value.items;
  }

  get(key: number | null): Item | null {
    return this.all.find((item) => item.key === key) ?? null;
  }

  /** The photo that a recipe was made for. */
  madeFor(recipe: Recipe): Item | undefined {
    return this.all.find(({ name, recipe: own }) =>
      own ? own.photo.sha256 === recipe.photo.sha256 : name === recipe.photo.name,
    );
  }

  append(files: readonly Incoming[]): readonly Item[] {
    const items = files.map(({ file, name, recipe }) => ({
      ...newItem(++this.#keys, file, name),
      recipe: recipe ?? null,
    }));
    this.state.change({ items: [...this.all, ...items] });
    return items;
  }

  patch(key: number, part: Partial<Item>): void {
    const old = this.get(key);
    if (part.thumbnail && old?.thumbnail) this.#forget(old.thumbnail);
    this.state.change({ items: this.all.map((item) => (item.key === key ? { ...item, ...part } : item)) });
  }

  /** What is shown of a photo until there is a matte. */
  sketch(key: number, sketch: Sketch | null): void {
    this.patch(key, { first_s: sketch?.seconds ?? null });
    const { opened } = this.state.value;
    if (opened?.key === key) this.state.change({ opened: { ...opened, sketch } });
  }

  /** The picture of an editor is on the screen. */
  see(editor: PaintableEditor): void {
    const { opened } = this.state.value;
    if (opened?.editor === editor) this.state.change({ opened: { ...opened, isSeen: true } });
  }

  /** Photos that only the small network has seen wait for their turn once more. */
  askAnew(): void {
    for (const { key, state, found } of this.all)
      if (state === "done" && found && found.models.length < 2) this.patch(key, { state: "waiting", progress: null });
  }

  /** Gives settings to all recipes but that of the selected photo. */
  shareWithOthers(settings: Shared): void {
    const { selected } = this.state.value;
    const items = this.all.map((item) =>
      item.recipe && item.key !== selected ? { ...item, recipe: { ...item.recipe, ...settings } } : item,
    );
    this.state.change({ items });
  }

  /** Gives back the neighbour that takes its place. */
  drop(key: number): Item | undefined {
    const at = this.all.findIndex((item) => item.key === key);
    const thumbnail = this.all[at]?.thumbnail;
    if (thumbnail) this.#forget(thumbnail);
    this.state.change({ items: this.all.filter((item) => item.key !== key) });
    return this.all[Math.min(at, this.all.length - 1)];
  }

  /** The open photo first, then in the order in which they came. */
  nextWaiting(): Item | undefined {
    const waiting = this.all.filter((item) => item.state === "waiting");
    return waiting.find((item) => item.key === this.state.value.selected) ?? waiting[0];
  }
}
