/**
 * Keeps open documents in the browser's own storage, so that a reload brings back the photo, its recipe and the history.
 * What cannot be kept is said once, and editing goes on.
 */
import { FeathercutError } from "../errors.ts";
import type { PaintableEditor } from "./paintable.ts";
import { readRecipe, recipeText } from "./recipe_file.ts";
import { type Saved, savedFrom } from "./saved.ts";
import { type Kept, keep, kept, newest, oldest, put, remove } from "./storage.ts";

/** Without a change for so long, a document is kept. */
const AFTER_MS = 400;
/** Of what is kept; an entry of another version is left alone and not read. */
const VERSION = 1;
/** Documents that are kept, the newest. */
const MOST = 20;

interface Document extends Kept {
  readonly version: number;
  readonly saved: Saved;
}

interface KeptPhoto extends Kept {
  readonly file: Blob;
  readonly name: string;
}

/** Keeps `editor` after every change until the function that it gives back is called; `trouble` hears once why it cannot. */
export function autosave(editor: PaintableEditor, trouble: (error: FeathercutError) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before = editor.state.recipe;
  let hasFailed = false;
  const save = async (): Promise<void> => {
    timer = undefined;
    try {
      await saveDocument(editor.saved());
      hasFailed = false;
    } catch (cause) {
      if (!hasFailed) trouble(storageError(cause));
      hasFailed = true;
    }
  };
  const stop = editor.subscribe(() => {
    if (editor.state.recipe === before || isSameRecipe(editor, before)) return;
    before = editor.state.recipe;
    clearTimeout(timer);
    timer = setTimeout(() => void save(), AFTER_MS);
  });
  return () => {
    stop();
    if (timer === undefined) return;
    clearTimeout(timer);
    void save();
  };
}

/** What is kept for the photo with this hash, or null; never throws: what cannot be read is as good as nothing. */
export async function lastSaved(sha256: string): Promise<Saved | null> {
  try {
    const found = await kept<Document>("documents", sha256);
    if (found?.version !== VERSION) return null;
    const recipe = readRecipe(recipeText(found.saved.recipe));
    return found.saved.steps ? { ...found.saved, recipe } : savedFrom(recipe);
  } catch {
    return null;
  }
}

export async function saveDocument(saved: Saved): Promise<void> {
  const key = saved.recipe.photo.sha256;
  const document: Document = { key, at: Date.now(), version: VERSION, saved };
  await putMakingRoom("documents", document);
  await keep("documents", MOST);
}

/** Keeps a photo's file for the next visit. Raises FeathercutError `storage`. */
export async function keepPhoto(sha256: string, file: Blob, name: string): Promise<void> {
  try {
    const photo: KeptPhoto = { key: sha256, at: Date.now(), file, name };
    await putMakingRoom("photos", photo);
    await keep("photos", 1);
  } catch (cause) {
    throw storageError(cause);
  }
}

/** The photo that was open last, or null. */
export async function lastPhoto(): Promise<{ file: Blob; name: string; sha256: string } | null> {
  try {
    const photo = await newest<KeptPhoto>("photos");
    return photo && { file: photo.file, name: photo.name, sha256: photo.key };
  } catch {
    return null;
  }
}

/** The person closed the photo: a reload does not bring it back. Its document stays for when it is opened again. */
export async function forgetPhoto(sha256: string): Promise<void> {
  await remove("photos", sha256).catch(() => undefined);
}

/** Where storage is full, the oldest of the store make room. */
async function putMakingRoom(store: "documents" | "photos", value: Kept): Promise<void> {
  for (;;) {
    try {
      await put(store, value);
      return;
    } catch (error) {
      const last = await oldest(store);
      if (!isFull(error) || !last || last.key === value.key) throw error;
      await remove(store, last.key);
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

function storageError(cause: unknown): FeathercutError {
  const why = isFull(cause) ? "the browser's storage is full" : "the browser keeps nothing here";
  const what = "Your edits go on, but a reload would lose them. Save the recipe, or free some space.";
  return new FeathercutError("storage", `This photo's edits are not kept: ${why}. ${what}`, { cause });
}

/** State is made anew at every look; what counts is what it says. */
function isSameRecipe(editor: PaintableEditor, before: PaintableEditor["state"]["recipe"]): boolean {
  const { acts, ...settings } = editor.state.recipe;
  const { acts: actsBefore, ...settingsBefore } = before;
  return (
    acts.length === actsBefore.length &&
    acts.every((act, i) => act === actsBefore[i]) &&
    Object.entries(settings).every(([name, value]) => settingsBefore[name as keyof typeof settings] === value)
  );
}
