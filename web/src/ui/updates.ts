import type { Offline } from "../service/start.ts";
import { words } from "../strings/words.ts";
import type { Page } from "./context.ts";

/** Says that a new version waits; it is used from the next start, or at once where the person wants that. */
export function announce(page: Page, offline: Offline): void {
  offline.onUpdate((restart) =>
    page.notify(words.notices.update, { label: words.notices.update_now, perform: restart }),
  );
}
