/**
 * What the page asks of the machinery: everything heavy happens in workers behind this, so the page never freezes.
 * `worker/` implements it; `tests/` and early pages may stub it.
 */
import type { Recipe } from "./editor/recipe.ts";
import type { Subjects } from "./kernels/subjects.ts";
import type { Passing } from "./models/store.ts";
import type { Box, Metadata, Size } from "./pictures.ts";
import type { Report } from "./report.ts";

/** A photo that was opened. `rgb` is H×W×3 at 8 bits for showing, in sRGB or the photo's own encoding; the worker keeps the original. */
export interface Photo {
  readonly id: number;
  readonly name: string;
  readonly sha256: string;
  readonly size: Size;
  readonly rgb: Uint8Array;
  /** The file's own alpha at 8 bits, H×W, or null. */
  readonly alpha: Uint8Array | null;
  readonly metadata: Metadata;
  /** What should be said about this file: an animation of which the first frame is used, a profile that is not shown exactly. */
  readonly notes: readonly string[];
}

export type Quality = "small" | "full";
/** `small` stays with U²-Net-p (4.6 MB); `full` goes on to IS-Net. */

export interface Progress {
  readonly stage: "download" | "load" | "run" | "edges";
  /** What is being fetched or run: a network's id, or "runtime". */
  readonly what: string;
  /** Bytes, for downloads; both 0 where not known. */
  readonly done: number;
  readonly total: number;
  /** Seconds that are left, where it can be told. */
  readonly left_s: number | null;
}

/**
 * What the small network drew of a photo, as it drew it, with fog and specks dropped: to be looked at until there is a
 * matte, whose edges follow the photo's own.
 */
export interface Sketch {
  /** The whole photo in few pixels, h×w, in [0, 1]. */
  readonly opacity: Float32Array;
  readonly size: Size;
  readonly seconds: number;
}

/** A matte for a photo; the first comes from the small network, the last is final. */
export interface Found {
  readonly alpha: Float32Array;
  readonly is_final: boolean;
  readonly is_empty: boolean;
  /** Without predictions where these are still to be packed: `Packed` follows. */
  readonly recipe: Pick<Recipe, "predictions" | "presence" | "specks" | "edges">;
  /** Networks that spoke, in which precision, and where. */
  readonly models: readonly string[];
  readonly seconds: number;
}

/** What the networks answered of what was found last, as a recipe keeps it; told after it, so that nobody waits for it. */
export interface Packed {
  readonly predictions: Recipe["predictions"];
}

/** What is said of the final matte; told after it, so that nobody waits for it. */
export interface Diagnosed {
  readonly report: Report;
}

export interface Settings {
  /** `auto` measures WebGPU against WASM once a device and keeps the answer. */
  readonly provider: "auto" | "wasm" | "webgpu";
  readonly quality: Quality;
}

/** What the machine is and what was chosen, for the person to see. */
export interface Machine {
  readonly provider: "wasm" | "webgpu";
  readonly threads: number;
  readonly is_isolated: boolean;
  readonly precision: string;
  readonly why: string;
}

export type ExportFormat = "png" | "webp" | "jpeg" | "avif" | "matte" | "psd" | "ora" | "zip-layers";

export interface Exported {
  readonly blob: Blob;
  readonly name: string;
}

/** A layer of explanation: what one stage saw or made, as RGB at 8 bits. */
export interface Explained {
  readonly id:
    | "input"
    | "depth-1"
    | "depth-2"
    | "depth-3"
    | "depth-4"
    | "depth-5"
    | "depth-6"
    | "matte"
    | "edges"
    | "colours";
  readonly size: Size;
  readonly rgb: Uint8Array;
}

/** Raises FeathercutError; an aborted call rejects with the signal's reason, and what it held is freed. */
export interface Session {
  readonly machine: Machine | null;
  configure(settings: Settings): void;
  /** Calls `heard` once, where networks cannot be kept for the next visit. */
  onPassing(heard: (why: Passing) => void): void;
  /** Bytes that `cutOut` would fetch now, 0 where everything is cached. */
  cost(quality: Quality): Promise<number>;
  open(file: Blob, name: string, signal: AbortSignal): Promise<Photo>;
  cutOut(
    photo: Photo,
    quality: Quality,
    report: (progress: Progress) => void,
    signal: AbortSignal,
  ): AsyncIterable<Sketch | Found | Packed | Diagnosed>;
  /** The matte that a recipe's kept predictions give, before its acts: for reopening. */
  base(photo: Photo, recipe: Recipe, signal: AbortSignal): Promise<Float32Array>;
  /** The subjects of the same matte before any was chosen: their numbers, places and cells. */
  subjects(photo: Photo, recipe: Recipe, signal: AbortSignal): Promise<Subjects>;
  /** What is said of the matte that a method without a network draws. */
  judged(photo: Photo, recipe: Recipe, signal: AbortSignal): Promise<Report>;
  /** What a smart stroke makes of `alpha` (the matte inside `box`): the new alpha of that box. */
  smart(
    photo: Photo,
    recipe: Recipe,
    act: number,
    box: Box,
    alpha: Float32Array,
    signal: AbortSignal,
  ): Promise<Float32Array>;
  /** The subject's own colours for `alpha` inside `box`, 8 bits RGB; `alpha` covers the box and the margin that the method needs is taken from it. */
  colours(photo: Photo, box: Box, alpha: Float32Array, decontaminate: number, signal: AbortSignal): Promise<Uint8Array>;
  /** The photo's own shadow for the matte `alpha` (8 bits, after the sliders) at `size`: the alpha of black, h×w. */
  shadow(photo: Photo, alpha: Uint8Array, size: Size, signal: AbortSignal): Promise<Float32Array>;
  /** The finished file. `alpha` is the matte after the recipe's acts, before its sliders. */
  finish(
    photo: Photo,
    recipe: Recipe,
    alpha: Float32Array,
    format: ExportFormat,
    quality: number,
    signal: AbortSignal,
  ): Promise<Exported>;
  explain(photo: Photo, report: (progress: Progress) => void, signal: AbortSignal): AsyncIterable<Explained>;
  close(photo: Photo): void;
}
