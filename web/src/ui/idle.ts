/** When the browser has time for what nobody waits for. */

/** By then what comes now is on the screen: between two of its frames a browser takes itself for idle. */
const LATER_MS = 300;
/** After this it is done all the same. */
const MOST_MS = 1000;

/** Resolves when nothing else is left to do, in a while. */
export async function idle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, LATER_MS));
  if (typeof requestIdleCallback !== "function") return;
  await new Promise((resolve) => requestIdleCallback(resolve, { timeout: MOST_MS }));
}
