import { useEffect, useState } from "preact/hooks";
import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Place } from "../../report.ts";
import { words } from "../../strings/words.ts";
import { usePage, useSeenEditor, watchedEditor } from "../context.ts";
import { IconButton } from "../controls/button.tsx";
import { Icon } from "../controls/icon.tsx";
import type { Item } from "../desk/item.ts";
import { useWatched } from "../desk/store.ts";
import type { PanelName } from "../panels/panels.tsx";
import { actionNamed, EditorCanvas } from "../wiring.ts";
import { BrushBar } from "./brush_bar.tsx";
import { Hints } from "./hints.tsx";
import { Offer } from "./offer.tsx";
import { Preview } from "./preview.tsx";
import { Status } from "./status.tsx";
import { Trouble } from "./trouble.tsx";

const fit = actionNamed("fit");
const compare = actionNamed("compare");

/** The picture, and over it what is said of it. */
export function Stage({ onShow }: { onShow: (panel: PanelName) => void }) {
  const { desk } = usePage();
  const opened = useWatched(desk.state, (state) => state.opened);
  const item = useWatched(desk.state, (state) => state.items.find(({ key }) => key === state.selected) ?? null);
  const editor = useSeenEditor();
  const [marked, mark] = useState<Place | null>(null);
  useEffect(() => mark(null), [editor]);
  return (
    <section class="stage" aria-label={words.stage.label}>
      <div class="picture">
        {opened && !opened.isSeen && (
          <Preview key={opened.key} photo={opened.photo} sketch={opened.sketch} isWorking={isWorking(item)} />
        )}
        {opened?.editor && (
          <EditorCanvas
            key={opened.key}
            editor={opened.editor}
            words={words.picture}
            marked={marked}
            onSeen={() => desk.see(opened.editor!)}
          />
        )}
      </div>
      {!opened && item?.state === "failed" && <Trouble item={item} />}
      {editor && <BrushBar editor={editor} />}
      <Offer />
      <div class="stage-foot">
        <Status />
        {editor && <Hints key={opened!.key} editor={editor} onMark={mark} onShow={onShow} />}
        {editor && <Looking editor={editor} />}
      </div>
    </section>
  );
}

function isWorking(item: Item | null): boolean {
  return item?.state === "opening" || item?.state === "running" || item?.state === "done";
}

/** Zoom and comparing: for looking, never a step of the history. */
function Looking({ editor }: { editor: PaintableEditor }) {
  const zoom = useWatched(watchedEditor(editor), (state) => state.looking.zoom);
  const split = useWatched(watchedEditor(editor), (state) => state.looking.split);
  return (
    <div class="looking">
      <CompareButton editor={editor} />
      <IconButton
        label={words.stage.split}
        icon="compare"
        isPressed={split !== null}
        onPress={() => editor.look({ split: split === null ? 0.5 : null })}
      />
      <span class="rule" />
      <IconButton label={words.stage.zoom_out} icon="minus" onPress={() => editor.look({ zoom: zoom / 1.25 })} />
      <button
        type="button"
        class="zoom"
        title={words.stage.actual}
        aria-label={`${words.stage.actual}: ${words.stage.zoom(Math.round(zoom * 100))}`}
        onClick={() => editor.look({ zoom: 1 })}
      >
        {words.stage.zoom(Math.round(zoom * 100))}
      </button>
      <IconButton label={words.stage.zoom_in} icon="add" onPress={() => editor.look({ zoom: zoom * 1.25 })} />
      <IconButton label={words.stage.fit} icon="fit" onPress={() => fit.perform(editor)} />
    </div>
  );
}

/** Shows the photo as it was for as long as it is held, by pointer or by key. */
function CompareButton({ editor }: { editor: PaintableEditor }) {
  const hold = (): void => void compare.perform(editor);
  const release = (): void => compare.release?.(editor);
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={words.stage.compare}
      title={words.stage.compare}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        hold();
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={(event) => (event.key === " " || event.key === "Enter") && hold()}
      onKeyUp={(event) => (event.key === " " || event.key === "Enter") && release()}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon name="view" />
    </button>
  );
}
