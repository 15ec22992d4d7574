/** The page's side: calls that go to the studio, and a new studio where one was lost. */
import type { Recipe } from "../editor/recipe.ts";
import type { Measured } from "../engines/machine.ts";
import { FeathercutError } from "../errors.ts";
import type { Box } from "../pictures.ts";
import type {
  Explained,
  Exported,
  ExportFormat,
  Found,
  Machine,
  Photo,
  Progress,
  Quality,
  Session,
  Settings,
} from "../session.ts";
import { Asker } from "./bridge.ts";
import type { Event, StudioCalls } from "./calls.ts";
import { Feed } from "./feed.ts";

/** What is needed of the page besides workers. */
export interface Surroundings {
  spawn(): Worker;
  /** The address below which manifest and networks lie, with a slash at its end. */
  readonly base: string;
  recall(): Measured | null;
  remember(measured: Measured): void;
}

const DEFAULT_SETTINGS: Settings = { provider: "auto", quality: "full" };
const REMEMBERED = "feathercut-machine";

/** A session with workers of its own; they start with the first call. */
export function createSession(surroundings: Surroundings = ofThisPage()): Session {
  return new StudioSession(surroundings);
}

function ofThisPage(): Surroundings {
  const said = document.querySelector<HTMLMetaElement>('meta[name="feathercut-weights"]')?.content || "weights/";
  return {
    spawn: () => new Worker(new URL("./studio.worker.ts", import.meta.url), { type: "module", name: "feathercut" }),
    base: new URL(said.endsWith("/") ? said : `${said}/`, document.baseURI).href,
    recall: () => {
      try {
        return JSON.parse(localStorage.getItem(REMEMBERED) ?? "null") as Measured | null;
      } catch {
        return null; // private windows, and what others wrote there
      }
    },
    remember: (measured) => {
      try {
        localStorage.setItem(REMEMBERED, JSON.stringify(measured));
      } catch {
        // Measured again next time.
      }
    },
  };
}

interface Studio {
  readonly worker: Worker;
  readonly asker: Asker<StudioCalls>;
}

class StudioSession implements Session {
  readonly #surroundings: Surroundings;
  readonly #files = new Map<number, { file: Blob; name: string }>();
  #studio: Studio | null = null;
  #settings = DEFAULT_SETTINGS;
  #machine: Machine | null = null;
  #last = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get machine(): Machine | null {
    return this.#machine;
  }

  configure(settings: Settings): void {
    if (settings.provider !== this.#settings.provider) this.#machine = null;
    this.#settings = settings;
    if (this.#studio) this.#tell(this.#studio);
  }

  async cost(quality: Quality): Promise<number> {
    return await this.#asker().ask("cost", quality);
  }

  async open(file: Blob, name: string, signal: AbortSignal): Promise<Photo> {
    const id = ++this.#last;
    const photo = await this.#asker().ask("open", { id, file, name }, signal);
    this.#files.set(id, { file, name });
    return photo;
  }

  cutOut(
    photo: Photo,
    quality: Quality,
    report: (progress: Progress) => void,
    signal: AbortSignal,
  ): AsyncIterable<Found> {
    const feed = new Feed<Found>();
    const hear = (event: Event): void => {
      this.#hear(event, report);
      if (event.kind === "found") feed.push(event.found);
    };
    return feed.until(this.#asker().ask("cutOut", { id: photo.id, quality }, signal, hear));
  }

  explain(photo: Photo, report: (progress: Progress) => void, signal: AbortSignal): AsyncIterable<Explained> {
    const feed = new Feed<Explained>();
    const hear = (event: Event): void => {
      this.#hear(event, report);
      if (event.kind === "explained") feed.push(event.explained);
    };
    return feed.until(this.#asker().ask("explain", photo.id, signal, hear));
  }

  async base(photo: Photo, recipe: Recipe, signal: AbortSignal): Promise<Float32Array> {
    return await this.#asker().ask("base", { id: photo.id, recipe }, signal);
  }

  async smart(
    photo: Photo,
    recipe: Recipe,
    act: number,
    box: Box,
    alpha: Float32Array,
    signal: AbortSignal,
  ): Promise<Float32Array> {
    return await this.#asker().ask("smart", { id: photo.id, recipe, act, box, alpha }, signal);
  }

  async colours(
    photo: Photo,
    box: Box,
    alpha: Float32Array,
    decontaminate: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    return await this.#asker().ask("colours", { id: photo.id, box, alpha, decontaminate }, signal);
  }

  async finish(
    photo: Photo,
    recipe: Recipe,
    alpha: Float32Array,
    format: ExportFormat,
    quality: number,
    signal: AbortSignal,
  ): Promise<Exported> {
    return await this.#asker().ask("finish", { id: photo.id, recipe, alpha, format, quality }, signal);
  }

  close(photo: Photo): void {
    this.#files.delete(photo.id);
    void this.#studio?.asker.ask("close", photo.id).catch(() => {}); // a lost studio has closed it already
  }

  #hear(event: Event, report: (progress: Progress) => void): void {
    if (event.kind === "progress") report(event.progress);
    if (event.kind !== "machine") return;
    this.#machine = event.machine;
    if (event.measured) this.#surroundings.remember(event.measured);
  }

  #asker(): Asker<StudioCalls> {
    this.#studio ??= this.#start();
    return this.#studio.asker;
  }

  #start(): Studio {
    const worker = this.#surroundings.spawn();
    const studio: Studio = { worker, asker: new Asker(worker) };
    const lost = (event: Event | ErrorEvent | MessageEvent): void => {
      if (this.#studio !== studio) return;
      this.#studio = null;
      worker.terminate();
      const said = "message" in event && event.message ? `: ${String(event.message)}` : "";
      studio.asker.fail(new FeathercutError("device", `What works on the photos stopped${said}. Try again`));
    };
    worker.addEventListener("error", lost);
    worker.addEventListener("messageerror", lost);
    this.#tell(studio);
    // Photos that were open in a studio that was lost go on in the new one.
    for (const [id, photo] of this.#files) void studio.asker.ask("adopt", { id, ...photo }).catch(() => {});
    return studio;
  }

  #tell({ asker }: Studio): void {
    const { base } = this.#surroundings;
    asker.ask("configure", { base, settings: this.#settings, measured: this.#surroundings.recall() }).catch(() => {});
  }
}
