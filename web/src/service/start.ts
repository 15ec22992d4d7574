/**
 * Starts the service worker: it keeps the page's own files for working offline, and gives pages on hosts that send no
 * isolation headers the headers that threads need. The latter asks for one reload on the first visit.
 */
export interface Offline {
  /** When the machinery may begin: at once, or after that reload; at most `PATIENCE_MS` after the start. */
  readonly ready: Promise<void>;
  /** Calls back when a new version waits; `restart` takes it at once. */
  onUpdate(heard: (restart: () => void) => void): void;
}

const PATIENCE_MS = 3000;
/** Reloading once is for isolation; twice would be a loop. */
const RELOADED = "feathercut.reloaded";

/** `rest` is when the page has time: what it fetched until then is kept afterwards. */
export function startOffline(rest: Promise<void>): Offline {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return { ready: Promise.resolve(), onUpdate: () => {} };
  const heard: ((restart: () => void) => void)[] = [];
  const onUpdate: Offline["onUpdate"] = (each) => heard.push(each);
  const controlled = new Promise<void>((resolve) => {
    if (navigator.serviceWorker.controller) resolve();
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
  });
  void Promise.all([controlled, rest]).then(() =>
    navigator.serviceWorker.controller?.postMessage("keep what was used"),
  );
  const register = async (): Promise<void> => {
    const registration = await navigator.serviceWorker.register("service_worker.js");
    watch(registration, (restart) => {
      for (const each of heard) each(restart);
    });
  };
  if (crossOriginIsolated) {
    // Fetching every file of the page for later must not hold up the first photo.
    rest.then(register).catch(() => {}); // a private window may refuse: the page then works while there is a connection
    return { ready: Promise.resolve(), onUpdate };
  }
  const registering = register();
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  const refused = registering.then(
    () => new Promise<void>(() => {}),
    () => {},
  );
  const ready = Promise.race([controlled.then(isolate), patience, refused]);
  return { ready, onUpdate };
}

/** Waits forever where the page is about to be loaded anew. */
async function isolate(): Promise<void> {
  if (crossOriginIsolated || wasReloaded()) return;
  location.reload();
  await new Promise(() => {});
}

function wasReloaded(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED)) return true;
    sessionStorage.setItem(RELOADED, "yes");
    return false;
  } catch {
    return true;
  }
}

function watch(registration: ServiceWorkerRegistration, found: (restart: () => void) => void): void {
  const waiting = (worker: ServiceWorker | null): void => {
    // A first version has nothing to replace.
    if (!worker || !navigator.serviceWorker.controller) return;
    found(() => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
      worker.postMessage("take over");
    });
  };
  waiting(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => installing.state === "installed" && waiting(installing));
  });
}
