/**
 * The subject's own colours where its edge is soft, tile by tile, asked of the session when nothing else happens. Until
 * they come, and wherever the matte has just changed, the photo's colours are shown.
 */
import type { Box } from "../../pictures.ts";
import type { Photo, Session } from "../../session.ts";
import { boxForColours } from "../../steps/foreground.ts";
import { shared, tileBox, tilesOf } from "../tiles.ts";
import type { VisibleMatte } from "./visible.ts";

export class OwnColours {
  readonly #photo: Photo;
  readonly #visible: VisibleMatte;
  readonly #session: Pick<Session, "colours">;
  readonly #tiles = new Map<number, Uint8Array>();
  readonly #fresh = new Set<number>();
  #asked: AbortController | null = null;

  constructor(photo: Photo, visible: VisibleMatte, session: Pick<Session, "colours">) {
    this.#photo = photo;
    this.#visible = visible;
    this.#session = session;
  }

  /** RGB of a tile, or null where the photo's colours are the ones to show. */
  tile(tile: number): Uint8Array | null {
    return this.#tiles.get(tile) ?? null;
  }

  /** Where the subject's own colours are known. */
  boxes(): Box[] {
    return [...this.#tiles.keys()].map((tile) => tileBox(tile, this.#photo.size));
  }

  /** What is seen of the matte changed inside `box`: its colours are the photo's again. */
  changed(box: Box): void {
    this.stop();
    for (const tile of tilesOf(box, this.#photo.size)) {
      this.#fresh.delete(tile);
      const rgb = this.#tiles.get(tile);
      if (rgb) this.#restore(rgb, tileBox(tile, this.#photo.size), box);
    }
  }

  stop(): void {
    this.#asked?.abort();
    this.#asked = null;
  }

  /** Asks for the next tile inside `box` that lacks its colours: the tile's box once they are there, null where none lacks any. */
  async next(box: Box): Promise<Box | null> {
    const tile = tilesOf(box, this.#photo.size).find((one) => !this.#fresh.has(one) && this.#isSoft(one));
    if (tile === undefined || this.#asked) return null;
    const asked = new AbortController();
    this.#asked = asked;
    const inner = tileBox(tile, this.#photo.size);
    const outer = boxForColours(inner, this.#photo.size);
    try {
      const rgb = await this.#session.colours(this.#photo, outer, this.#visible.read(outer), 100, asked.signal);
      if (asked.signal.aborted) return null;
      this.#tiles.set(tile, cut(rgb, outer, inner));
      this.#fresh.add(tile);
      return inner;
    } catch (error) {
      if (asked.signal.aborted) return null;
      this.#fresh.add(tile); // not asked again and again: the photo's colours stay
      throw error;
    } finally {
      if (this.#asked === asked) this.#asked = null;
    }
  }

  #isSoft(tile: number): boolean {
    const [top, left, bottom, right] = tileBox(tile, this.#photo.size);
    for (let y = top; y < bottom; y++) {
      const row = y * this.#photo.size[1];
      for (let x = row + left; x < row + right; x++) {
        const value = this.#visible.values[x]!;
        if (value > 0 && value < 255) return true;
      }
    }
    this.#fresh.add(tile);
    return false;
  }

  #restore(rgb: Uint8Array, tile: Box, box: Box): void {
    const inside = shared(tile, box);
    if (!inside) return;
    const across = tile[3] - tile[1];
    for (let y = inside[0]; y < inside[2]; y++) {
      const from = (y * this.#photo.size[1] + inside[1]) * 3;
      const part = this.#photo.rgb.subarray(from, from + (inside[3] - inside[1]) * 3);
      rgb.set(part, ((y - tile[0]) * across + inside[1] - tile[1]) * 3);
    }
  }
}

/** What `rgb`, the pixels of `outer`, shows of `inner`. */
function cut(rgb: Uint8Array, outer: Box, inner: Box): Uint8Array {
  const across = inner[3] - inner[1];
  const part = new Uint8Array((inner[2] - inner[0]) * across * 3);
  for (let y = inner[0]; y < inner[2]; y++) {
    const from = ((y - outer[0]) * (outer[3] - outer[1]) + inner[1] - outer[1]) * 3;
    part.set(rgb.subarray(from, from + across * 3), (y - inner[0]) * across * 3);
  }
  return part;
}
