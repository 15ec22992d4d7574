/** Finished files: of one photo, or of all as one ZIP. */
import type { Editor } from "../../editor/editor.ts";
import { type Entry, zip } from "../../formats/zip.ts";
import type { Exported, ExportFormat } from "../../session.ts";
import type { Desk } from "./desk.ts";
import type { Item } from "./item.ts";

export interface Wanted {
  readonly format: ExportFormat;
  /** 1 to 100. */
  readonly quality: number;
}

/** The file of one photo, whether it is open or not. */
export async function finishOne(
  desk: Desk,
  item: Item,
  { format, quality }: Wanted,
  signal: AbortSignal,
): Promise<Exported> {
  await desk.whole(item.key);
  const { opened } = desk.state.value;
  if (opened?.key === item.key && opened.editor) {
    const { editor, photo } = opened;
    await settled(editor, signal);
    return desk.session.finish(photo, editor.state.recipe, editor.alpha(), format, quality, signal);
  }
  const recipe = desk.recipe(item.key);
  if (!recipe) throw item.error ?? new DOMException("", "AbortError");
  const photo = await desk.session.open(item.file, item.name, signal);
  try {
    const base = await desk.session.base(photo, recipe, signal);
    const alpha = await desk.replay(photo, base, recipe);
    return await desk.session.finish(photo, recipe, alpha, format, quality, signal);
  } finally {
    desk.session.close(photo);
  }
}

/** Waits until smart strokes have their answers and acts are replayed: what is shown until then is not what will stay. */
function settled(editor: Editor, signal: AbortSignal): Promise<void> {
  if (!editor.state.is_busy) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = editor.subscribe(() => {
      if (editor.state.is_busy) return;
      stop();
      resolve();
    });
    signal.addEventListener("abort", () => {
      stop();
      reject(signal.reason);
    });
  });
}

export interface Zipped {
  readonly blob: Blob;
  readonly count: number;
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
}

/** All finished photos in one file; what fails is left out and said. Pictures are stored: they are compressed already. */
export async function zipAll(
  desk: Desk,
  wanted: Wanted,
  report: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Zipped> {
  const items = desk.state.value.items.filter((item) => desk.recipe(item.key));
  const failed: { name: string; error: unknown }[] = [];
  async function* finished(): AsyncGenerator<Entry> {
    for (const [at, item] of items.entries()) {
      report(at, items.length);
      try {
        const { name, blob } = await finishOne(desk, item, wanted, signal);
        yield { name, content: blob };
      } catch (error) {
        if (signal.aborted) throw error;
        failed.push({ name: item.name, error });
      }
    }
  }
  const blob = await zip(finished());
  report(items.length, items.length);
  return { blob, count: items.length - failed.length, failed };
}

/** Hands a file to the browser's own download. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The download has its own hold on the bytes by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
