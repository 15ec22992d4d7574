import { useState } from "preact/hooks";
import { words } from "../../strings/words.ts";
import { usePage, useSeenEditor } from "../context.ts";
import { useWatched } from "../desk/store.ts";
import { useLater } from "../later.ts";
import { NARROW } from "../narrow.ts";
import { type PanelName, Panels } from "../panels/panels.tsx";
import { Queue } from "./queue.tsx";
import { Stage } from "./stage.tsx";
import { Toolbar } from "./toolbar.tsx";

export function Studio() {
  const { desk } = usePage();
  const editor = useSeenEditor();
  const name = useWatched(desk.state, (state) => state.items.find((item) => item.key === state.selected)?.name);
  const hasQueue = useWatched(desk.state, (state) => state.items.length > 1);
  const [panel, showPanel] = useState<PanelName | null>(matchMedia(NARROW).matches ? null : "edge");
  // The picture first, then what is around it.
  const isWhole = useLater(true);
  const set = useLater(editor);
  return (
    <div class="studio" data-queue={hasQueue}>
      <h1 class="unseen">{name ?? words.name}</h1>
      {isWhole ? <Toolbar editor={editor} /> : <div class="toolbar" />}
      <Stage onShow={showPanel} />
      {isWhole ? <Panels editor={set} panel={panel} onShow={showPanel} /> : <aside class="panels" />}
      {hasQueue && <Queue />}
    </div>
  );
}
