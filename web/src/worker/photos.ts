/** The photos that are open: their files always, their pixels as long as there is room. */
import { FeathercutError } from "../errors.ts";
import { SURROUNDINGS_PX, type Surroundings } from "../kernels/surroundings.ts";
import type { Options } from "../options.ts";
import type { Box, Image, Matte } from "../pictures.ts";
import { decode } from "../steps/decode.ts";
import { foregroundIn, surroundingsOf } from "../steps/foreground.ts";

type Known = Pick<Matte, "through" | "colours">;

interface Held {
  readonly file: Blob;
  readonly name: string;
  image: Image | null;
  drawn: { readonly words: string; readonly matte: Matte } | null;
  /** What the colours of a part depend on beyond it. */
  surroundings: Surroundings | null;
  /** What its matte lets through and what is known of its colours; undefined until a matte is known. */
  known: Known | undefined;
}

export class Photos {
  readonly #held = new Map<number, Held>();
  readonly #mostPixels: number;

  /** `mostPixels` of unpacked photos are held; the one that is worked on is, however large. */
  constructor(mostPixels: number) {
    this.#mostPixels = mostPixels;
  }

  adopt(id: number, file: Blob, name: string, image: Image | null = null): void {
    this.#held.set(id, { file, name, image, surroundings: null, known: undefined, drawn: null });
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
  learn(id: number, image: Image, alpha: Float32Array, { through, colours }: Known = {}): void {
    const held = this.#held.get(id);
    if (!held) return;
    held.surroundings = surroundingsOf(image, { size: image.size, alpha });
    held.known = { through: through ?? null, colours: colours ?? null };
  }

  /** What the matte that was learned last lets through, and its colours; undefined where none was. */
  knownOf(id: number): Known | undefined {
    return this.#one(id).known;
  }

  /** What a method draws of a photo, kept while it is worked on: choosing subjects asks for it again. */
  async drawn(id: number, image: Image, options: Options): Promise<Matte> {
    const held = this.#one(id);
    const words = [options.method, options.screen, options.despill].join(" ");
    if (held.drawn?.words === words) return held.drawn.matte;
    const { draw } = await import("../steps/methods.ts"); // few photos are ones for it
    const matte = draw(image, options);
    held.drawn = { words, matte };
    return matte;
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
    return foregroundIn(image, alpha, box, decontaminate, held.surroundings, held.known);
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
      if (other === id || pixels <= this.#mostPixels) continue;
      held.image = held.drawn = null;
      if (held.known?.colours) held.known = undefined; // as large as the photo, and made again where it is asked for
    }
  }
}
