/**
 * Draws an open document into pixels: only what changed, and long work in slices, so that the page goes on answering.
 * Knows nothing of canvases: who has one calls `frame` when the browser draws and shows the box that it gives back.
 */
import type { Box } from "../../pictures.ts";
import type { EditorState } from "../editor.ts";
import type { PaintableEditor } from "../paintable.ts";
import { deadline } from "../slices.ts";
import { areaOf, isEmpty, shared, united, wholeBox } from "../tiles.ts";
import { screenBox, visibleBox } from "../viewport.ts";
import { layered, plain, type RowFiller } from "./backdrop.ts";
import { OwnColours } from "./colours.ts";
import { backgroundLayer, type Decode, type Layer } from "./layers.ts";
import { Pyramid } from "./pyramid.ts";
import { Sampler } from "./sampler.ts";
import { Shadows } from "./shadows.ts";
import { cutoutRows, photoRows } from "./sources.ts";
import { rowsOf } from "./views.ts";
import { VisibleMatte } from "./visible.ts";

/** With nothing happening for so long, colours and shadow are brought up to date. */
const REST_MS = 150;
/** Pixels that are halved as soon as they change. */
const AT_ONCE = 1 << 20;
/** Of a frame, for making levels and tiles; drawing comes on top. */
const WORK_MS = 8;
/** Of a call, for making and drawing the first picture: browsers have not made the code quick yet. */
const FIRST_MS = 25;

export interface Outside {
  /** Asks for a call of `frame` when the browser draws next. */
  need(): void;
  /** Asks for one as soon as the page has heard what came meanwhile: there is nothing whole to be drawn yet. */
  soon(): void;
  readonly decode: Decode;
  readonly isDark: () => boolean;
  /** Something could not be shown as it will be saved. */
  trouble(error: unknown): void;
}

interface Prepared {
  readonly photo: Sampler;
  readonly cutout: Sampler;
  readonly left: RowFiller;
  readonly right: RowFiller;
}

export class Screen {
  /** RGBA of the viewport, what is outside the photo transparent. */
  pixels = new Uint8ClampedArray(0);
  #words = new Uint32Array(0);
  readonly #editor: PaintableEditor;
  readonly #outside: Outside;
  readonly #visible: VisibleMatte;
  readonly #own: OwnColours;
  readonly #photo: Pyramid;
  readonly #cutout: Pyramid;
  #background: Layer | null = null;
  readonly #shadows: Shadows;
  #seen: EditorState;
  #prepared: Prepared | null = null;
  #dirty: Box | null = null;
  /** The row that comes next of a picture that is not drawn whole yet; only the first takes more than a call. */
  #next: number | null = null;
  #isShown = false;
  #isRefined = false;
  #hasLevels = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  readonly #stops: (() => void)[];

  constructor(editor: PaintableEditor, outside: Outside) {
    const { photo, matte } = editor;
    this.#editor = editor;
    this.#outside = outside;
    this.#seen = editor.state;
    this.#visible = new VisibleMatte(matte, photo.alpha, editor.state.recipe);
    this.#own = new OwnColours(photo, this.#visible, editor.session);
    this.#photo = new Pyramid(photo.size, photoRows(photo, this.#visible));
    const strength = (): number => this.#seen.recipe.decontaminate / 100;
    this.#cutout = new Pyramid(photo.size, cutoutRows(photo, this.#visible, this.#own, strength));
    this.#shadows = new Shadows(editor, this.#visible);
    this.#stops = [editor.subscribe(() => this.#heard()), editor.onPixels((boxes) => this.#changed(boxes))];
    void this.#layBackground();
  }

  /** Draws what changed since the last call: the device pixels to show anew, or null. */
  frame(): Box | null {
    const { viewport } = this.#editor;
    if (!viewport.width || !viewport.height) return null;
    if (this.#words.length !== viewport.width * viewport.height) this.#resize();
    const isOver = deadline(this.#isShown ? WORK_MS : FIRST_MS);
    if (!this.#visible.fill(isOver, (box) => this.#appeared([box]))) return this.#later();
    const goesOn = this.#next !== null;
    if (!goesOn) this.#isRefined = this.#refine(isOver);
    const prepared = this.#prepare();
    if (!goesOn) this.#hasLevels = this.#makeLevels(prepared, isOver);
    const dirty = this.#dirty && shared(this.#dirty, [0, 0, viewport.height, viewport.width]);
    if (dirty && !this.#draw(dirty, prepared, isOver)) return this.#later();
    this.#dirty = null;
    this.#isShown = true;
    if (!this.#hasLevels) this.#spoil();
    if (!this.#isRefined || !this.#hasLevels) this.#outside.need();
    else this.#whenAtRest();
    return dirty;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#own.stop();
    this.#shadows.stop();
    clearTimeout(this.#rest);
  }

  #resize(): void {
    const { width, height } = this.#editor.viewport;
    this.#words = new Uint32Array(width * height);
    this.pixels = new Uint8ClampedArray(this.#words.buffer);
    this.#spoil();
  }

  /** Light became dark, or dark light. */
  repaint(): void {
    this.#prepared = null;
    this.#spoil();
    this.#outside.need();
  }

  /** All is to be drawn anew. */
  #spoil(): void {
    this.#dirty = [0, 0, this.#editor.viewport.height, this.#editor.viewport.width];
    this.#next = null;
  }

  #spoilIn(box: Box): void {
    this.#dirty = united(this.#dirty, screenBox(box, this.#seen.looking, this.#editor.viewport));
    this.#next = null;
  }

  #heard(): void {
    const before = this.#seen;
    const now = this.#editor.state;
    this.#seen = now;
    const isLooking = before.looking !== now.looking;
    const isSet = before.recipe.background !== now.recipe.background || before.recipe.shadow !== now.recipe.shadow;
    if (before.recipe.background !== now.recipe.background) void this.#layBackground();
    const { shadow, reflection } = before.recipe;
    if (shadow !== now.recipe.shadow || reflection !== now.recipe.reflection) this.#shadows.set();
    if (before.recipe.decontaminate !== now.recipe.decontaminate) {
      for (const box of this.#own.boxes()) this.#cutout.changed(box, false);
      this.#spoil();
    }
    if (isLooking || isSet) {
      this.#prepared = null;
      this.#spoil();
    }
    const box = this.#visible.slide(now.recipe);
    if (box) this.#appeared([box]);
    this.#outside.need();
  }

  #changed(boxes: readonly Box[]): void {
    const seen = boxes.map((box) => this.#visible.changed(box)).filter((box) => box !== null);
    this.#appeared(seen);
    this.#outside.need();
  }

  /** What is seen of the matte changed inside `boxes`. Much of it, and what is not looked at, is halved later, in slices. */
  #appeared(boxes: readonly Box[]): void {
    const { looking } = this.#seen;
    const isSmall = boxes.reduce((sum, box) => sum + areaOf(box), 0) <= AT_ONCE;
    const { viewport } = this.#editor;
    for (const box of boxes) {
      this.#own.changed(box);
      this.#photo.changed(box, isSmall && (looking.view !== "cutout" || looking.split !== null));
      this.#cutout.changed(box, isSmall && looking.view === "cutout");
      this.#shadows.changed();
      if (viewport.width) this.#spoilIn(box);
    }
  }

  /** There is nothing whole to be shown yet. */
  #later(): null {
    this.#outside.soon();
    return null;
  }

  #refine(isOver: () => boolean): boolean {
    const shown = visibleBox(this.#seen.looking, this.#editor.viewport, this.#editor.photo.size);
    if (isEmpty(shown)) return true;
    const { boxes, isDone } = this.#visible.work(shown, isOver);
    this.#appeared(boxes);
    return isDone;
  }

  #makeLevels({ photo, cutout }: Prepared, isOver: () => boolean): boolean {
    const { view, split } = this.#seen.looking;
    const isCutoutMade = view !== "cutout" || this.#cutout.prepare(cutout.level, cutout.box, isOver);
    const isPhotoMade = (view === "cutout" && split === null) || this.#photo.prepare(photo.level, photo.box, isOver);
    return isCutoutMade && isPhotoMade;
  }

  #prepare(): Prepared {
    if (this.#prepared) return this.#prepared;
    const { looking, recipe } = this.#seen;
    const { viewport, photo } = this.#editor;
    const sampler = (layer: Layer): Sampler => {
      const made = new Sampler(layer.pyramid, looking, viewport, photo.size, layer.stretch);
      layer.pyramid.prepare(made.level, wholeBox(layer.pyramid.sizeAt(made.level)), () => false);
      return made;
    };
    let behind = plain(recipe.background, looking.backdrop, viewport.ratio, this.#outside.isDark());
    if (this.#background) behind = layered(sampler(this.#background), behind);
    if (this.#shadows.layer) behind = layered(sampler(this.#shadows.layer), behind);
    if (this.#shadows.mirrored) behind = layered(sampler(this.#shadows.mirrored), behind);
    const pictures = {
      photo: new Sampler(this.#photo, looking, viewport),
      cutout: new Sampler(this.#cutout, looking, viewport),
      behind,
    };
    this.#prepared = { ...pictures, left: rowsOf("original", pictures), right: rowsOf(looking.view, pictures) };
    return this.#prepared;
  }

  /** Whether all of it is drawn: the first picture may need several calls. */
  #draw(dirty: Box, { photo, cutout, left, right }: Prepared, isOver: () => boolean): boolean {
    const { width } = this.#editor.viewport;
    photo.forget();
    cutout.forget();
    const { split } = this.#seen.looking;
    const from = Math.max(dirty[1], photo.left);
    const to = Math.min(dirty[3], photo.right);
    const middle = split === null ? from : Math.min(to, Math.max(from, Math.round(split * width)));
    for (let y = this.#next ?? dirty[0]; y < dirty[2]; y++) {
      if (!this.#isShown && isOver()) {
        this.#next = y;
        return false;
      }
      const row = this.#words.subarray(y * width, (y + 1) * width);
      if (y < photo.top || y >= photo.bottom || to <= from) {
        row.fill(0, dirty[1], dirty[3]);
        continue;
      }
      row.fill(0, dirty[1], from);
      if (middle > from) left(y, from, middle, row.subarray(from));
      if (to > middle) right(y, middle, to, row.subarray(middle));
      row.fill(0, to, dirty[3]);
    }
    this.#next = null;
    return true;
  }

  async #layBackground(): Promise<void> {
    const { background } = this.#seen.recipe;
    try {
      const layer = await backgroundLayer(background, this.#photo, this.#outside.decode);
      if (this.#seen.recipe.background !== background) return;
      this.#background = layer;
    } catch (error) {
      this.#outside.trouble(error);
    }
    this.#prepared = null;
    this.#spoil();
    this.#outside.need();
  }

  #whenAtRest(): void {
    clearTimeout(this.#rest);
    const { recipe, looking } = this.#seen;
    const hasShadowWork = this.#shadows.hasWork(recipe);
    if (!hasShadowWork && (recipe.decontaminate === 0 || looking.view !== "cutout")) return;
    this.#rest = setTimeout(() => void this.#atRest(hasShadowWork), REST_MS);
  }

  async #atRest(hasShadowWork: boolean): Promise<void> {
    const { recipe, looking } = this.#seen;
    try {
      if (hasShadowWork && (await this.#shadows.refresh(recipe))) {
        this.#prepared = null;
        this.#spoil();
        this.#outside.need();
      }
      if (recipe.decontaminate === 0) return;
      await this.#fetchColours(visibleBox(looking, this.#editor.viewport, this.#editor.photo.size));
    } catch (error) {
      this.#outside.trouble(error);
    }
  }

  async #fetchColours(shown: Box): Promise<void> {
    for (let box = await this.#own.next(shown); box; box = await this.#own.next(shown)) {
      this.#cutout.changed(box, true);
      this.#spoilIn(box);
      this.#outside.need();
    }
  }
}
