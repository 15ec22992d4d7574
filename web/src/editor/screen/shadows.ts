/** What lies below the subject: a shadow that is drawn or the photo's own, which the session looks for; a reflection. */
import type { Box, Size } from "../../pictures.ts";
import { softened } from "../../steps/keep_shadow.ts";
import { keptBox } from "../../steps/shade.ts";
import type { PaintableEditor } from "../paintable.ts";
import type { Recipe } from "../recipe.ts";
import { type Layer, levelOfLayers, reflectionLayer, shadowLayer, shadowOf } from "./layers.ts";
import type { VisibleMatte } from "./visible.ts";

export class Shadows {
  layer: Layer | null = null;
  /** The reflection, over the shadow. */
  mirrored: Layer | null = null;
  readonly #editor: PaintableEditor;
  readonly #visible: VisibleMatte;
  #isStale = true;
  /** The photo's own, before it is softened and weakened; of the matte as it is now. */
  #kept: { readonly alpha: Float32Array; readonly size: Size } | null = null;
  #asked: AbortController | null = null;

  constructor(editor: PaintableEditor, visible: VisibleMatte) {
    this.#editor = editor;
    this.#visible = visible;
  }

  /** The matte changed. */
  changed(): void {
    this.#isStale = true;
    this.#kept = null;
    this.stop();
  }

  /** What the recipe says of it changed. */
  set(): void {
    this.#isStale = true;
  }

  hasWork({ shadow, reflection }: Recipe): boolean {
    const isAny = shadow.kind !== "none" || this.layer !== null || reflection > 0 || this.mirrored !== null;
    return this.#isStale && isAny;
  }

  /** Brings the layer up to date; whether it did, and not something newer overtook it. */
  async refresh({ shadow, reflection }: Recipe): Promise<boolean> {
    this.#isStale = false;
    this.stop();
    this.mirrored = reflection > 0 ? reflectionLayer(reflection / 100, this.#visible, this.#editor.photo.rgb) : null;
    if (shadow.kind !== "keep") {
      this.layer = shadowLayer(shadow, this.#visible);
      return true;
    }
    const kept = this.#kept ?? (await this.#look());
    if (!kept) return false;
    this.#kept = kept;
    const stretch = 2 ** levelOfLayers(this.#visible.size);
    const soft = softened(kept.alpha, kept.size, shadow.softness_px / stretch);
    const alpha = soft.map((value) => value * shadow.opacity);
    const box = keptBox(alpha, kept.size)?.map((px) => px * stretch) as unknown as Box | undefined;
    const [height, width] = this.#visible.size;
    this.#editor.keptBox.note(box ? [box[0], box[1], Math.min(box[2], height), Math.min(box[3], width)] : null);
    this.layer = shadowOf(alpha, kept.size, stretch);
    return true;
  }

  stop(): void {
    this.#asked?.abort();
    this.#asked = null;
  }

  async #look(): Promise<{ alpha: Float32Array; size: Size } | null> {
    const asked = new AbortController();
    this.#asked = asked;
    const { size, values } = this.#visible;
    const stretch = 2 ** levelOfLayers(size);
    const small: Size = [Math.ceil(size[0] / stretch), Math.ceil(size[1] / stretch)];
    const { session, photo } = this.#editor;
    try {
      const alpha = await session.shadow(photo, values.slice(), small, asked.signal);
      return asked.signal.aborted ? null : { alpha, size: small };
    } catch (error) {
      if (asked.signal.aborted) return null;
      throw error;
    }
  }
}
