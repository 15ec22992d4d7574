/** When a page has time for what nobody waits for. */
import type { DeskState } from "../ui/desk/item.ts";
import type { Watched } from "../ui/desk/store.ts";

/** With no photo for so long, nobody is in a hurry. */
const QUIET_MS = 4000;

/** Calls `rest` once: when no photo is worked on any more, or when none came for a while. */
export function onceAtRest(desk: Watched<DeskState>, rest: () => void): void {
  let isQuiet = false;
  const look = (): void => {
    const { items } = desk.value;
    const isBusy = items.some(({ state }) => state === "waiting" || state === "opening" || state === "running");
    if (isBusy || (items.length === 0 && !isQuiet)) return;
    stop();
    rest();
  };
  const stop = desk.subscribe(look);
  setTimeout(() => {
    isQuiet = true;
    look();
  }, QUIET_MS);
}
