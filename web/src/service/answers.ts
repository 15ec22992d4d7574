/** What the service worker and the page agree on. */

/** Where files that another app shared wait for the page. */
export const SHARED_CACHE = "feathercut-shared";

export function keptName(version: string): string {
  return `feathercut-page-${version}`;
}

/**
 * The answer with the headers that isolate a page, as WASM threads need: browsers ask for them on the page and on the
 * scripts of its workers. An answer that cannot be rebuilt (opaque, redirected) stays as it is.
 */
export function isolated(answer: Response): Response {
  if (answer.type === "opaque" || answer.type === "opaqueredirect" || answer.status === 0) return answer;
  const headers = new Headers(answer.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  const isBodiless = [101, 204, 205, 304].includes(answer.status);
  return new Response(isBodiless ? null : answer.body, {
    status: answer.status,
    statusText: answer.statusText,
    headers,
  });
}
