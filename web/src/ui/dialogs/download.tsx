import { useEffect, useState } from "preact/hooks";
import type { ExportFormat } from "../../session.ts";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { Choices } from "../controls/choices.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { Slider } from "../controls/slider.tsx";
import { finishOne, save, type Wanted } from "../desk/finishing.ts";
import { saveRecipe } from "../desk/save_recipe.ts";
import { useWatched } from "../desk/store.ts";
import { bytesText } from "../measures.ts";
import { DownloadAll } from "./download_all.tsx";
import { useFinished } from "./use_finished.ts";

const FORMATS: readonly ExportFormat[] = ["png", "webp", "jpeg", "avif", "matte", "psd", "ora", "zip-layers"];
const LOSSY: readonly ExportFormat[] = ["webp", "jpeg", "avif"];

export function DownloadDialog({ onClose }: { onClose: () => void }) {
  const page = usePage();
  const { desk, preferences } = page;
  const { format, export_quality } = useWatched(preferences, (value) => value);
  const count = useWatched(desk.state, (state) => state.items.filter((item) => item.state === "done").length);
  const wanted: Wanted = { format, quality: export_quality };
  return (
    <Dialog title={words.download.title} onClose={onClose}>
      <Choices<ExportFormat>
        label={words.download.format}
        isLabelHidden
        look="cards"
        value={format}
        choices={FORMATS.map((value) => ({
          value,
          label: words.download.formats[value].name,
          says: words.download.formats[value].says,
        }))}
        onChoose={(value) => preferences.change({ format: value })}
      />
      {LOSSY.includes(format) && (
        <Slider
          label={words.download.quality}
          value={export_quality}
          least={1}
          most={100}
          onChange={(value) => preferences.change({ export_quality: value })}
        />
      )}
      <One wanted={wanted} onClose={onClose} />
      {count > 1 && <DownloadAll wanted={wanted} />}
      <div class="row recipe-row">
        <p class="quiet">{words.download.recipe_says}</p>
        <Button label={words.download.recipe} icon="recipe" kind="quiet" onPress={() => void saveRecipe(page)} />
      </div>
    </Dialog>
  );
}

/** The open photo's file: made at once, so that its size is known before it is saved. */
function One({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const { notify } = usePage();
  const { file, trouble, isMaking } = useFinished(wanted);
  const [isWanted, want] = useState(false);
  useEffect(() => {
    if (trouble) want(false);
    if (!isWanted || !file) return;
    save(file.blob, file.name);
    notify(words.download.saved(file.name));
    onClose();
  }, [isWanted, file, trouble]);
  return (
    <div class="download-one">
      <p role="status" class={trouble ? "trouble" : "file"}>
        {trouble ?? (file ? words.download.file(file.name, bytesText(file.blob.size)) : words.download.making)}
      </p>
      {isMaking && <progress aria-label={words.download.making} />}
      <div class="row">
        <CopyButton />
        <Button
          label={words.download.one}
          icon="download"
          kind="primary"
          isDisabled={Boolean(trouble) || isWanted}
          onPress={() => want(true)}
        />
      </div>
    </div>
  );
}

/** Copies the picture as PNG, which every program takes. */
function CopyButton() {
  const { desk, notify } = usePage();
  const copy = async (): Promise<void> => {
    const item = desk.item(desk.state.value.selected);
    if (!item) return;
    try {
      const made = finishOne(desk, item, { format: "png", quality: 100 }, new AbortController().signal);
      // The promise goes in at once: a browser takes what a click gives it, not what comes later.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": made.then(({ blob }) => blob) })]);
      notify(words.download.copied);
    } catch {
      notify(words.download.copy_failed);
    }
  };
  return <Button label={words.download.copy} icon="copy" onPress={() => void copy()} />;
}
