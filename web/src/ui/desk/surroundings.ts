/** What the desk needs from outside. */
import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Recipe } from "../../editor/recipe.ts";
import type { Photo, Session } from "../../session.ts";
import type { Preferences } from "./preferences.ts";
import type { Store } from "./store.ts";

/** Tests give their own. */
export interface Surroundings {
  readonly session: Session;
  readonly preferences: Store<Preferences>;
  /** Pixels of a photo that may be diagnosed while the next one is opened; 0 where memory is short. */
  readonly mostBeside: number;
  /** The machinery is asked for nothing before this. */
  readonly ready: Promise<unknown>;
  openEditor(
    session: Session,
    photo: Photo,
    alpha: Float32Array,
    recipe: Recipe,
  ): Promise<PaintableEditor> | PaintableEditor;
  /** The matte after the recipe's acts, for a photo that is not open. */
  replay(photo: Photo, base: Float32Array, recipe: Recipe): Promise<Float32Array>;
  /** What an earlier visit left of this photo. */
  lastSaved(sha256: string): Promise<Recipe | null>;
  /** Resolves when there is time for what nobody waits for. */
  idle(): Promise<void>;
  /** An object URL of a small picture of the photo, cut out where there is a matte. */
  thumbnail(photo: Photo, alpha: Float32Array | null): Promise<string>;
  forget(thumbnail: string): void;
  /** The person took the photo away: it need not come back after a reload. */
  closed(sha256: string): void;
}
