/** The photos that are open: their files always, their pixels as long as there is room. */
import { FeathercutError } from "../errors.ts";
import { SURROUNDINGS_PX, type Surroundings } from "../kernels/surroundings.ts";
import type { Box, Image, Through } from "../pictures.ts";
import { decode } from "../steps/decode.ts";
import { foregroundIn, surroundingsOf } from "../steps/foreground.ts";

interface Held {
  readonly file: Blob;
  readonly name: string;
  image: Image | null;
  /** What the colours of a part depend on beyond it. */
  surroundings: Surroundings | null;
  /** What its matte lets through; undefined until a matte is known. */
  through: Through | null | undefined;
}

export class Photos {
  readonly #held = new Map<number, Held>();
  readonly #mostPixels: number;

  /** `mostPixels` of unpacked photos are held; the one that is worked on is, however large. */
  constructor(mostPixels: number) {
    this.#mostPixels = mostPixels;
  }

  adopt(id: number, file: Blob, name: string, image: Image | null = null): void {
    this.#held.set(id, { file, name, image, surroundings: null, through: undefined });
    if (image) this.#dropOthers(id);
  }

  close(id: number): void {
    this.#held.delete(id);
  }

  nameOf(id: number): string {
    return this.#one(id).name;
  }

  /** The photo as its file has it, unpacked again where that was given up. */
  async image(id: number): Promise<Image> {
    const held = this.#one(id);
    const image = held.image ?? (await decode(new Uint8Array(await held.file.arrayBuffer()), held.name)).image;
    held.image = image;
    // The last in the map is the one that was used last.
    this.#held.delete(id);
    this.#held.set(id, held);
    this.#dropOthers(id);
    return image;
  }

  /** Notes the matte of a photo, for the colours of its parts. */
  learn(id: number, image: Image, alpha: Float32Array, through: Through | null = null): void {
    const held = this.#held.get(id);
    if (!held) return;
    held.surroundings = surroundingsOf(image, { size: image.size, alpha });
    held.through = through;
  }

  /** What the matte that was learned last lets through; undefined where none was. */
  throughOf(id: number): Through | null | undefined {
    return this.#one(id).through;
  }

  /**
   * The subject's own colours in `box`, h×w×3 at 8 bits, for its matte `alpha`. Those of the whole photo where the box is
   * one of `boxForColours`; raises FeathercutError "shape" where it is none.
   */
  async colours(id: number, box: Box, alpha: Float32Array, decontaminate: number): Promise<Uint8Array> {
    const image = await this.image(id);
    const held = this.#one(id);
    const whole: Box = [0, 0, ...image.size];
    if (!box.every((px, i) => px % SURROUNDINGS_PX === 0 || (i > 1 && px === whole[i]))) {
      throw new FeathercutError(
        "shape",
        `Colours are made in whole cells of ${SURROUNDINGS_PX} px, not in ${box.join(" ")}`,
      );
    }
    // Of a matte that nobody knows yet, nothing is known of what it lets through either.
    const nothing = { size: image.size, alpha: new Float32Array(image.size[0] * image.size[1]) };
    held.surroundings ??= surroundingsOf(image, nothing);
    return foregroundIn(image, alpha, box, decontaminate, held.surroundings, held.through ?? null);
  }

  #one(id: number): Held {
    const held = this.#held.get(id);
    if (!held) throw new FeathercutError("option", "This photo was closed; open it again");
    return held;
  }

  #dropOthers(id: number): void {
    let pixels = 0;
    for (const [other, held] of [...this.#held].reverse()) {
      if (!held.image) continue;
      pixels += held.image.size[0] * held.image.size[1];
      if (other !== id && pixels > this.#mostPixels) held.image = null;
    }
  }
}
