/** Long work in short pieces: between them the page answers to people. */

/** As long as one piece may hold the page. */
export const SLICE_MS = 10;

/** Resolves once everything else that waited has had its turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A deadline `ms` from now: true once it has passed. */
export function deadline(ms: number = SLICE_MS): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}
