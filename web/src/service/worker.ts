/**
 * The service worker: keeps the page's own files, adds isolation headers, takes what other apps share.
 * Weights are not its business: the machinery keeps them itself.
 */
import { isolated, keptName, SHARED_CACHE } from "./answers.ts";

/** Written in at build: what is fetched at once, what is kept when it is first used, and what names this set of files. */
declare const __FILES__: {
  readonly version: string;
  readonly early: readonly string[];
  readonly late: readonly string[];
};

const files = __FILES__;
const worker = self as unknown as ServiceWorkerGlobalScope;
const scope = worker.registration.scope;
const known = new Set([...files.early, ...files.late].map((path) => new URL(path, scope).href));

worker.addEventListener("install", (event) => {
  const requests = files.early.map((path) => new Request(new URL(path, scope), { cache: "no-cache" }));
  event.waitUntil(caches.open(keptName(files.version)).then((kept) => kept.addAll(requests)));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (event) => {
  if (event.data === "take over") void worker.skipWaiting();
  if (event.data === "keep what was used") event.waitUntil(keepUsed());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || !url.href.startsWith(scope)) return;
  if (request.method === "POST" && url.pathname.endsWith("/share")) event.respondWith(takeShared(request));
  else if (request.mode === "navigate") event.respondWith(answer(new URL("index.html", scope).href, request));
  else if (known.has(url.origin + url.pathname)) event.respondWith(answer(url.origin + url.pathname, request));
});

/** Kept files first: within one version they never change. */
async function answer(address: string, request: Request): Promise<Response> {
  const kept = await caches.open(keptName(files.version));
  const found = await kept.match(address);
  if (found) return isolated(found);
  const fetched = await fetch(request);
  if (fetched.status === 200 && known.has(address)) {
    // A full disk must not take the answer away.
    await kept.put(address, fetched.clone()).catch(() => {});
  }
  return isolated(fetched);
}

/** Keeps files that the page fetched before it had a service worker: from the browser's own memory of them, or not at all. */
async function keepUsed(): Promise<void> {
  const kept = await caches.open(keptName(files.version));
  for (const path of files.late) {
    const url = new URL(path, scope);
    if (await kept.match(url)) continue;
    const found = await fetch(url, { cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
    if (found?.status === 200) await kept.put(url, found).catch(() => {}); // fetched again when it is used
  }
}

/** Earlier versions go, but for what this one has as well: large files that did not change are not fetched again. */
async function dropOthers(): Promise<void> {
  const own = await caches.open(keptName(files.version));
  for (const name of await caches.keys()) {
    if (!name.startsWith(keptName("")) || name === keptName(files.version)) continue;
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      const isOurs = known.has(request.url) && !(await own.match(request));
      const found = isOurs ? await old.match(request) : undefined;
      if (found) await own.put(request, found);
    }
    await caches.delete(name);
  }
}

/** Leaves the files for the page and sends the person there. */
async function takeShared(request: Request): Promise<Response> {
  const form = await request.formData();
  const store = await caches.open(SHARED_CACHE);
  for (const [at, file] of form.getAll("photos").entries()) {
    if (!(file instanceof File)) continue;
    const headers = { "content-type": file.type, "x-name": encodeURIComponent(file.name) };
    await store.put(new URL(`shared/${Date.now()}-${at}`, scope), new Response(file, { headers }));
  }
  return Response.redirect(`${scope}#shared`, 303);
}
