/** Opens photos in the editor, keeps what is done to them, and brings the last one back after a reload. */
import type { PaintableEditor } from "../editor/paintable.ts";
import type { Recipe } from "../editor/recipe.ts";
import type { Photo, Session } from "../session.ts";
import type { Page } from "./context.ts";
import { autosave, createEditor, keepPhoto, lastPhoto, lastSaved, savedFrom } from "./wiring.ts";

/** The editor of a photo: where its acts are those that were kept, with the whole history, else with these to undo. */
export async function openEditor(
  session: Session,
  photo: Photo,
  alpha: Float32Array,
  recipe: Recipe,
  complain: (error: unknown) => void,
): Promise<PaintableEditor> {
  const kept = await lastSaved(photo.sha256);
  const isSame = kept !== null && JSON.stringify(kept.recipe.acts) === JSON.stringify(recipe.acts);
  const saved = isSame ? { ...kept, recipe } : savedFrom(recipe);
  const editor = createEditor(session, photo, { alpha, recipe }, saved);
  editor.onTrouble(complain);
  const stop = autosave(editor, complain);
  const close = editor.close.bind(editor);
  editor.close = () => {
    stop();
    close();
  };
  return editor;
}

/** Keeps the file of the photo in the middle; a reload opens it again. */
export function keepsOpenPhoto(page: Page): void {
  let before: string | null = null;
  page.desk.state.subscribe(() => {
    const { opened } = page.desk.state.value;
    const item = page.desk.item(opened?.key ?? null);
    if (!opened || !item || opened.photo.sha256 === before) return;
    before = opened.photo.sha256;
    void keepPhoto(before, item.file, item.name).catch(page.complain);
  });
}

/** The photo of the last visit, if it was not closed; behind what the person already brought to this one. */
export async function bringBack(page: Page): Promise<void> {
  const photo = await lastPhoto();
  if (photo) page.desk.bringBack({ file: photo.file, name: photo.name });
}
