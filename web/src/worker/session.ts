/** The page's side: calls that go to the studio, and a new studio where one was lost. */
import type { Measured } from "../engines/machine.ts";
import { FeathercutError } from "../errors.ts";
import type { Passing } from "../models/store.ts";
import type {
  Diagnosed,
  Explained,
  Found,
  Machine,
  Packed,
  Photo,
  Progress,
  Session,
  Settings,
  Sketch,
} from "../session.ts";
import { whenGone } from "./alive.ts";
import { Asker } from "./bridge.ts";
import type { Event, StudioCalls } from "./calls.ts";
import { Feed } from "./feed.ts";
import { spawnStudio } from "./spawning.ts";

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

/** A session with workers of its own; they start when it is configured, or with another first call. */
export function createSession(surroundings: Surroundings = ofThisPage()): Session {
  return new StudioSession(surroundings);
}

function ofThisPage(): Surroundings {
  const said = document.querySelector<HTMLMetaElement>('meta[name="feathercut-weights"]')?.content || "weights/";
  return {
    spawn: spawnStudio,
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
  #tellPassing: ((why: Passing) => void) | null = null;
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
    else this.#studio = this.#start(); // networks are made ready while the page is drawn
  }

  onPassing(heard: (why: Passing) => void): void {
    this.#tellPassing = heard;
  }

  readonly cost: Session["cost"] = (quality) => this.#ask("cost", quality);

  readonly open: Session["open"] = async (file, name, signal) => {
    const id = ++this.#last;
    const ask = this.#ask;
    const studio = this.#studio;
    const photo = await ask("open", { id, file, name }, signal).catch((error: unknown) => {
      if (this.#studio === studio || signal.aborted) throw error;
      // It was ended before it could answer: the next one is asked, and if this photo ends that too, it is said.
      return this.#ask("open", { id, file, name }, signal);
    });
    this.#files.set(id, { file, name });
    return photo;
  };

  readonly cutOut: Session["cutOut"] = (photo, quality, report, signal) => {
    const feed = new Feed<Sketch | Found | Packed | Diagnosed>();
    const hear = (event: Event): void => {
      this.#hear(event, report);
      if (event.kind === "sketched") feed.push(event.sketch);
      if (event.kind === "found") feed.push(event.found);
      if (event.kind === "packed") feed.push(event.packed);
      if (event.kind === "diagnosed") feed.push(event.diagnosed);
    };
    return feed.until(this.#ask("cutOut", { id: photo.id, quality }, signal, hear));
  };

  readonly explain: Session["explain"] = (photo, report, signal) => {
    const feed = new Feed<Explained>();
    const hear = (event: Event): void => {
      this.#hear(event, report);
      if (event.kind === "explained") feed.push(event.explained);
    };
    return feed.until(this.#ask("explain", photo.id, signal, hear));
  };

  readonly base: Session["base"] = ({ id }, recipe, signal) => this.#ask("base", { id, recipe }, signal);

  readonly subjects: Session["subjects"] = ({ id }, recipe, signal) => this.#ask("subjects", { id, recipe }, signal);

  readonly judged: Session["judged"] = ({ id }, recipe, signal) => this.#ask("judged", { id, recipe }, signal);

  readonly smart: Session["smart"] = ({ id }, recipe, act, box, alpha, signal) =>
    this.#ask("smart", { id, recipe, act, box, alpha }, signal);

  readonly colours: Session["colours"] = ({ id }, box, alpha, decontaminate, signal) =>
    this.#ask("colours", { id, box, alpha, decontaminate }, signal);

  readonly shadow: Session["shadow"] = ({ id }, alpha, size, signal) =>
    this.#ask("shadow", { id, alpha, size }, signal);

  readonly finish: Session["finish"] = ({ id }, recipe, alpha, format, quality, signal) =>
    this.#ask("finish", { id, recipe, alpha, format, quality }, signal);

  close(photo: Photo): void {
    this.#files.delete(photo.id);
    void this.#studio?.asker.ask("close", photo.id).catch(() => {}); // a lost studio has closed it already
  }

  #hear(event: Event, report: (progress: Progress) => void): void {
    if (event.kind === "progress") report(event.progress);
    if (event.kind === "passing") {
      this.#tellPassing?.(event.why);
      this.#tellPassing = null;
    }
    if (event.kind !== "machine") return;
    this.#machine = event.machine;
    if (event.measured) this.#surroundings.remember(event.measured);
  }

  /** Asks the studio, which starts with the first question. */
  get #ask(): Asker<StudioCalls>["ask"] {
    this.#studio ??= this.#start();
    const { asker } = this.#studio;
    return asker.ask.bind(asker);
  }

  #start(): Studio {
    const worker = this.#surroundings.spawn();
    const studio: Studio = { worker, asker: new Asker(worker) };
    const lost = (event?: globalThis.Event): void => {
      if (this.#studio !== studio) return;
      this.#studio = null;
      worker.terminate();
      const said = event && "message" in event && event.message ? `: ${String(event.message)}` : "";
      studio.asker.fail(new FeathercutError("device", `What works on the photos stopped${said}. Try again`));
    };
    worker.addEventListener("error", lost);
    worker.addEventListener("messageerror", lost);
    whenGone(worker, lost);
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
