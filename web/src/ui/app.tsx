import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../strings/words.ts";
import { type Page, PageContext } from "./context.ts";
import { useWatched } from "./desk/store.ts";
import { DownloadDialog } from "./dialogs/download.tsx";
import { SettingsDialog } from "./dialogs/settings.tsx";
import { ShortcutsDialog } from "./dialogs/shortcuts.tsx";
import { Header } from "./header.tsx";
import { useKeyboard } from "./keyboard.ts";
import { Notices } from "./notices.tsx";
import { Dropping } from "./start/dropping.tsx";
import { Start } from "./start/start.tsx";
import { Studio } from "./studio/studio.tsx";

/** What the file chooser offers first; anything may be dropped. */
const KINDS = "image/*,.heic,.heif,.avif,.tif,.tiff,.psd,.json";

export function App({ page }: { page: Page }) {
  const { desk, preferences, shown } = page;
  const hasPhotos = useWatched(desk.state, (state) => state.items.length > 0);
  const theme = useWatched(preferences, (value) => value.theme);
  const { dialog, isExplaining } = useWatched(shown, (value) => value);
  useKeyboard(page);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const close = (): void => {
    // At once: drawing waits for a frame, and a key or a stroke that comes before it would be lost.
    document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
    shown.change({ dialog: null });
  };
  return (
    <PageContext.Provider value={page}>
      <Dropping>
        <a class="skip" href="#main">
          {words.header.skip}
        </a>
        <Header />
        <main id="main" tabIndex={-1}>
          {isExplaining ? <Explain /> : hasPhotos ? <Studio /> : <Start />}
        </main>
        <Notices />
        {dialog === "download" && <DownloadDialog onClose={close} />}
        {dialog === "settings" && <SettingsDialog onClose={close} />}
        {dialog === "shortcuts" && <ShortcutsDialog onClose={close} />}
        <input
          id="chooser"
          type="file"
          multiple
          accept={KINDS}
          hidden
          aria-label={words.start.choose}
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])];
            // The same file chosen again is chosen again.
            currentTarget.value = "";
            void page.takeFiles(files);
          }}
        />
      </Dropping>
    </PageContext.Provider>
  );
}

/** The page behind "How it works", fetched when it is asked for. */
function Explain() {
  const [Loaded, load] = useState<ComponentType | null>(null);
  useEffect(() => {
    void import("./explain/explain.tsx").then((module) => load(() => module.ExplainView));
  }, []);
  return Loaded ? <Loaded /> : null;
}
