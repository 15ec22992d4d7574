/** The studio's worker, started before the page's own code is there to ask anything of it. */

interface Early {
  readonly worker: Worker;
  /** What it said before anybody listened, that it lives for one. */
  readonly heard: Event[];
  readonly note: (event: Event) => void;
}

const KINDS = ["message", "messageerror", "error"] as const;
let early: Early | null = null;

/** Starts the worker that the first `spawnStudio` gives. */
export function spawnEarly(): void {
  const worker = spawn();
  const heard: Event[] = [];
  const note = (event: Event): void => void heard.push(event);
  for (const kind of KINDS) worker.addEventListener(kind, note);
  early = { worker, heard, note };
}

/** A studio; whoever listens to it before the next task hears all that it said. */
export function spawnStudio(): Worker {
  if (!early) return spawn();
  const { worker, heard, note } = early;
  early = null;
  queueMicrotask(() => {
    for (const kind of KINDS) worker.removeEventListener(kind, note);
    for (const event of heard) worker.dispatchEvent(again(event));
  });
  return worker;
}

/** An event that was handed out is not handed out twice. */
function again(event: Event): Event {
  if (event instanceof MessageEvent) return new MessageEvent(event.type, { data: event.data });
  return event instanceof ErrorEvent ? new ErrorEvent(event.type, { message: event.message }) : new Event(event.type);
}

function spawn(): Worker {
  return new Worker(new URL("./studio.worker.ts", import.meta.url), { type: "module", name: "feathercut" });
}
