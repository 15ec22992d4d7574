import { useEffect, useState } from "preact/hooks";
import type { Exported } from "../../session.ts";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { finishOne, type Wanted } from "../desk/finishing.ts";
import { useWatched } from "../desk/store.ts";
import { say } from "../say.ts";

/** How long a slider must rest before a file is made for it. */
const REST_MS = 250;

export interface Making {
  readonly file: Exported | null;
  readonly trouble: string | null;
  readonly isMaking: boolean;
}

/** The open photo's file in this format; made anew, and the old making stopped, when that or the photo changes. */
export function useFinished({ format, quality }: Wanted): Making {
  const { desk } = usePage();
  const editor = useWatched(desk.state, ({ opened }) => opened?.editor ?? null);
  const [making, show] = useState<Making>({ file: null, trouble: null, isMaking: true });
  useEffect(() => {
    const controller = new AbortController();
    const item = desk.item(desk.state.value.selected);
    if (!item || !editor) {
      show({ file: null, trouble: words.download.not_yet, isMaking: false });
      return;
    }
    show({ file: null, trouble: null, isMaking: true });
    const timer = setTimeout(() => {
      finishOne(desk, item, { format, quality }, controller.signal).then(
        (file) => controller.signal.aborted || show({ file, trouble: null, isMaking: false }),
        (error) => controller.signal.aborted || show({ file: null, trouble: sentence(error), isMaking: false }),
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [editor, format, quality]);
  return making;
}

function sentence(error: unknown): string {
  const { what, todo, detail } = say(error);
  return [what, todo, detail].filter(Boolean).join(" ");
}
