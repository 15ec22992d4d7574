import { useState } from "preact/hooks";
import type { Editor } from "../editor/editor.ts";
import { words } from "../strings/words.ts";
import { usePage, useSeenEditor, watchedEditor } from "./context.ts";
import { Button, IconButton } from "./controls/button.tsx";
import { Icon, type IconName } from "./controls/icon.tsx";
import { saveRecipe } from "./desk/save_recipe.ts";
import { useWatched } from "./desk/store.ts";
import { useNarrow } from "./narrow.ts";
import { useOutside } from "./outside.ts";

export function Header() {
  const { desk, shown, chooseFiles } = usePage();
  const hasPhotos = useWatched(desk.state, (state) => state.items.length > 0);
  const editor = useSeenEditor();
  const name = useWatched(desk.state, (state) => state.items.find((item) => item.key === state.selected)?.name);
  const isExplaining = useWatched(shown, (value) => value.isExplaining);
  return (
    <header class="header" data-empty={!hasPhotos}>
      <span class="brand">
        <Icon name="feather" />
        <strong>{words.name}</strong>
      </span>
      {hasPhotos && !isExplaining && (
        <>
          <IconButton label={words.header.add} icon="add" onPress={chooseFiles} shortcut="Control+O" />
          <span class="photo-name" title={name}>
            {name}
          </span>
        </>
      )}
      <span class="spring" />
      {editor && !isExplaining && <History editor={editor} />}
      <Links />
      {hasPhotos && !isExplaining && (
        <Button
          label={words.header.download}
          icon="download"
          kind="primary"
          shortcut="Control+S"
          onPress={() => shown.change({ dialog: "download" })}
        />
      )}
    </header>
  );
}

function History({ editor }: { editor: Editor }) {
  const watched = watchedEditor(editor);
  const canUndo = useWatched(watched, (state) => state.can_undo);
  const canRedo = useWatched(watched, (state) => state.can_redo);
  const undone = useWatched(watched, (state) => state.undo_label);
  const redone = useWatched(watched, (state) => state.redo_label);
  return (
    <>
      <IconButton
        label={words.header.undo}
        title={undone ? words.header.undo_what(words.actions[undone] ?? undone) : words.header.undo}
        icon="undo"
        isDisabled={!canUndo}
        shortcut="Control+Z"
        onPress={() => void editor.undo()}
      />
      <IconButton
        label={words.header.redo}
        title={redone ? words.header.redo_what(words.actions[redone] ?? redone) : words.header.redo}
        icon="redo"
        isDisabled={!canRedo}
        shortcut="Control+Shift+Z"
        onPress={() => void editor.redo()}
      />
    </>
  );
}

interface Link {
  readonly label: string;
  readonly icon: IconName;
  readonly perform: () => void;
}

/** What is asked for seldom: one menu, so that the picture has the room. */
function Links() {
  const page = usePage();
  const { desk, shown, chooseFiles } = page;
  const [isOpen, open] = useState(false);
  const hasCutout = useWatched(desk.state, (state) => Boolean(state.opened?.editor));
  const outside = useOutside(() => open(false));
  const isNarrow = useNarrow();
  const explain = {
    label: words.header.explain,
    icon: "explain" as const,
    perform: () => shown.change({ isExplaining: true }),
  };
  const links: Link[] = [
    ...(isNarrow ? [explain] : []),
    ...(hasCutout
      ? [{ label: words.header.recipe_save, icon: "recipe" as const, perform: () => void saveRecipe(page) }]
      : []),
    { label: words.header.recipe_open, icon: "recipe", perform: chooseFiles },
    { label: words.header.shortcuts, icon: "keyboard", perform: () => shown.change({ dialog: "shortcuts" }) },
    { label: words.header.settings, icon: "settings", perform: () => shown.change({ dialog: "settings" }) },
  ];
  return (
    <>
      {!isNarrow && <Button label={explain.label} kind="quiet" onPress={explain.perform} />}
      <div class="menu" ref={outside}>
        <button
          type="button"
          class="icon-button"
          aria-label={words.header.more}
          title={words.header.more}
          aria-expanded={isOpen}
          onClick={() => open(!isOpen)}
        >
          <Icon name="more" />
        </button>
        {isOpen && (
          <ul>
            {links.map(({ label, icon, perform }) => (
              <li key={label}>
                <button
                  type="button"
                  onClick={() => {
                    open(false);
                    perform();
                  }}
                >
                  <Icon name={icon} />
                  {label}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
