import { useState } from "preact/hooks";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { useWatched } from "../desk/store.ts";
import { NARROW } from "../narrow.ts";
import { type PanelName, Panels } from "../panels/panels.tsx";
import { Queue } from "./queue.tsx";
import { Stage } from "./stage.tsx";
import { Toolbar } from "./toolbar.tsx";

export function Studio() {
  const { desk } = usePage();
  const editor = useWatched(desk.state, (state) => state.opened?.editor ?? null);
  const name = useWatched(desk.state, (state) => state.items.find((item) => item.key === state.selected)?.name);
  const hasQueue = useWatched(desk.state, (state) => state.items.length > 1);
  const [panel, showPanel] = useState<PanelName | null>(matchMedia(NARROW).matches ? null : "edge");
  return (
    <div class="studio" data-queue={hasQueue}>
      <h1 class="unseen">{name ?? words.name}</h1>
      <Toolbar editor={editor} />
      <Stage onShow={showPanel} />
      <Panels editor={editor} panel={panel} onShow={showPanel} />
      {hasQueue && <Queue />}
    </div>
  );
}
