import { render } from "preact";
import { isSmallDevice } from "./engines/machine.ts";
import { onceAtRest } from "./service/rest.ts";
import { startOffline } from "./service/start.ts";
import { words } from "./strings/words.ts";
import { App } from "./ui/app.tsx";
import { sharedFiles } from "./ui/desk/intake.ts";
import { keptPreferences, staysOnceWanted } from "./ui/desk/preferences.ts";
import { thumbnailOf } from "./ui/desk/thumbnail.ts";
import { idle } from "./ui/idle.ts";
import { bringBack, keepsOpenPhoto, openEditor } from "./ui/opening.ts";
import { createPage } from "./ui/page.ts";
import { announce } from "./ui/updates.ts";
import { createSession, forgetPhoto, lastSaved, replay } from "./ui/wiring.ts";

/** Larger photos fill the memory alone. */
const MOST_BESIDE = 16e6;

const preferences = keptPreferences();
const session = createSession();
let rest: () => void = () => {};
const offline = startOffline(
  new Promise((resolve) => {
    rest = resolve;
  }),
);

const page = createPage({
  session,
  preferences,
  mostBeside: isSmallDevice() ? 0 : MOST_BESIDE,
  ready: offline.ready,
  openEditor: (session, photo, alpha, recipe) =>
    openEditor(session, photo, alpha, recipe, (error) => page.complain(error)),
  lastSaved: async (sha256) => (await lastSaved(sha256))?.recipe ?? null,
  replay: async (photo, base, recipe) => replay(base, photo, recipe.acts),
  idle,
  thumbnail: thumbnailOf,
  forget: (url) => URL.revokeObjectURL(url),
  closed: (sha256) => void forgetPhoto(sha256),
});

function configure(): void {
  const { provider, quality } = preferences.value;
  session.configure({ provider, quality: quality === "full" ? "full" : "small" });
}

session.onPassing((why) => page.notify(words.notices.passing[why]));
configure();
preferences.subscribe(configure);
staysOnceWanted(preferences);
render(<App page={page} />, document.getElementById("app")!);
announce(page, offline);
onceAtRest(page.desk.state, rest);
window.addEventListener("unhandledrejection", (event) => page.complain(event.reason));
window.addEventListener("error", (event) => page.complain(event.error ?? event.message));
if (location.hash === "#shared") {
  history.replaceState(null, "", location.pathname);
  void sharedFiles().then((files) => page.takeFiles(files));
} else {
  void bringBack(page);
}
keepsOpenPhoto(page);
