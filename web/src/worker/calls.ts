/** What the page asks of the studio, the worker that holds the photos. */
import type { Recipe } from "../editor/recipe.ts";
import type { Measured } from "../engines/machine.ts";
import type { Subjects } from "../kernels/subjects.ts";
import type { Passing } from "../models/store.ts";
import type { Box, Size } from "../pictures.ts";
import type { Report } from "../report.ts";
import type {
  Diagnosed,
  Explained,
  ExportFormat,
  Found,
  Machine,
  Packed,
  Photo,
  Progress,
  Quality,
  Settings,
  Sketch,
} from "../session.ts";

/** What is told while a photo is worked on. */
export type Event =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "sketched"; readonly sketch: Sketch }
  | { readonly kind: "found"; readonly found: Found }
  | { readonly kind: "packed"; readonly packed: Packed }
  | { readonly kind: "diagnosed"; readonly diagnosed: Diagnosed }
  | { readonly kind: "explained"; readonly explained: Explained }
  | { readonly kind: "passing"; readonly why: Passing }
  | { readonly kind: "machine"; readonly machine: Machine; readonly measured: Measured | null };

export interface Setup {
  readonly base: string;
  readonly settings: Settings;
  readonly measured: Measured | null;
}

export interface Finish {
  readonly id: number;
  readonly recipe: Recipe;
  readonly alpha: Float32Array;
  readonly format: ExportFormat;
  readonly quality: number;
}

export type StudioCalls = {
  configure: { give: Setup; tell: never; get: undefined };
  cost: { give: Quality; tell: never; get: number };
  open: { give: { id: number; file: Blob; name: string }; tell: never; get: Photo };
  /** Takes a photo over from a studio that was lost; it is unpacked when it is needed. */
  adopt: { give: { id: number; file: Blob; name: string }; tell: never; get: undefined };
  close: { give: number; tell: never; get: undefined };
  cutOut: { give: { id: number; quality: Quality }; tell: Event; get: undefined };
  explain: { give: number; tell: Event; get: undefined };
  base: { give: { id: number; recipe: Recipe }; tell: never; get: Float32Array };
  subjects: { give: { id: number; recipe: Recipe }; tell: never; get: Subjects };
  judged: { give: { id: number; recipe: Recipe }; tell: never; get: Report };
  smart: {
    give: { id: number; recipe: Recipe; act: number; box: Box; alpha: Float32Array };
    tell: never;
    get: Float32Array;
  };
  colours: {
    give: { id: number; box: Box; alpha: Float32Array; decontaminate: number };
    tell: never;
    get: Uint8Array;
  };
  shadow: { give: { id: number; alpha: Uint8Array; size: Size }; tell: never; get: Float32Array };
  finish: { give: Finish; tell: never; get: { blob: Blob; name: string } };
};
