/** One photo of the queue, as the page shows it. */
import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Recipe } from "../../editor/recipe.ts";
import type { Report } from "../../report.ts";
import type { Found, Photo, Progress, Sketch } from "../../session.ts";

export type ItemState = "waiting" | "opening" | "running" | "done" | "failed" | "stopped";

/** What is remembered of an answer when its matte is let go. */
export type FoundFacts = Pick<Found, "is_final" | "is_empty" | "models" | "seconds">;

export interface Item {
  readonly key: number;
  readonly file: Blob;
  readonly name: string;
  readonly state: ItemState;
  readonly progress: Progress | null;
  /** An object URL of the photo, and once there is a matte, of the cutout. */
  readonly thumbnail: string | null;
  readonly error: unknown;
  /** Seconds until there was something to look at. */
  readonly first_s: number | null;
  /** Of the last answer. */
  readonly found: FoundFacts | null;
  /** What is said of the final matte, as soon as it was looked at. */
  readonly report: Report | null;
  readonly notes: readonly string[];
  /** What was done to it; null until there is a matte. While it is open the editor knows better. */
  readonly recipe: Recipe | null;
}

/** The photo in the middle of the page. */
export interface Opened {
  readonly key: number;
  readonly photo: Photo;
  /** What is shown of the cutout until there is an editor. */
  readonly sketch: Sketch | null;
  /** Null until there is a matte. */
  readonly editor: PaintableEditor | null;
  /** Whether the editor's picture was on the screen: what is there to work on it comes after it. */
  readonly isSeen: boolean;
}

export interface DeskState {
  readonly items: readonly Item[];
  readonly selected: number | null;
  readonly opened: Opened | null;
  /** Bytes of a finer network that is waiting for a yes, or null. */
  readonly offer: number | null;
}

export function newItem(key: number, file: Blob, name: string): Item {
  return {
    key,
    file,
    name,
    state: "waiting",
    progress: null,
    thumbnail: null,
    error: null,
    first_s: null,
    found: null,
    report: null,
    notes: [],
    recipe: null,
  };
}

export function isBusy(item: Item): boolean {
  return item.state === "opening" || item.state === "running";
}

export function factsOf({ is_final, is_empty, models, seconds }: Found): FoundFacts {
  return { is_final, is_empty, models, seconds };
}

/** `beach.jpeg` is `beach`: what names of results are made from. */
export function stem(name: string): string {
  return name.replace(/\.[^.]{1,5}$/, "") || name;
}
