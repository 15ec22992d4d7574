/** The photos that are open: their files always, their pixels as long as there is room. */
import { FeathercutError } from "../errors.ts";
import type { Image } from "../pictures.ts";
import { decode } from "../steps/decode.ts";

interface Held {
  readonly file: Blob;
  readonly name: string;
  image: Image | null;
}

export class Photos {
  readonly #held = new Map<number, Held>();
  readonly #mostPixels: number;

  /** `mostPixels` of unpacked photos are held; the one that is worked on is, however large. */
  constructor(mostPixels: number) {
    this.#mostPixels = mostPixels;
  }

  adopt(id: number, file: Blob, name: string, image: Image | null = null): void {
    this.#held.set(id, { file, name, image });
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
