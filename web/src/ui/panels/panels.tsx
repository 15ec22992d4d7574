import type { PaintableEditor } from "../../editor/paintable.ts";
import { words } from "../../strings/words.ts";
import { IconButton } from "../controls/button.tsx";
import { Icon } from "../controls/icon.tsx";
import { BackgroundPanel } from "./background.tsx";
import { EdgePanel } from "./edge.tsx";
import { FramePanel } from "./frame.tsx";
import { ShadowPanel } from "./shadow.tsx";
import { SubjectsPanel } from "./subjects.tsx";
import { ViewPanel } from "./view.tsx";

export const PANELS = ["edge", "subjects", "background", "canvas", "shadow", "view"] as const;
export type PanelName = (typeof PANELS)[number];

const CONTENTS = {
  edge: EdgePanel,
  subjects: SubjectsPanel,
  background: BackgroundPanel,
  canvas: FramePanel,
  shadow: ShadowPanel,
  view: ViewPanel,
};

interface PanelsProps {
  readonly editor: PaintableEditor | null;
  readonly panel: PanelName | null;
  readonly onShow: (panel: PanelName | null) => void;
}

/** Tabs of what can be set: a column beside the picture, a sheet over its foot on a narrow screen. */
export function Panels({ editor, panel, onShow }: PanelsProps) {
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const isReversed = getComputedStyle(event.currentTarget as Element).direction === "rtl";
    const at = PANELS.indexOf(panel ?? "edge") + (isReversed ? -by : by);
    const next = PANELS[(at + PANELS.length) % PANELS.length]!;
    onShow(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  const Contents = panel && CONTENTS[panel];
  return (
    <aside class="panels" data-open={panel !== null} aria-label={words.panels.label}>
      <div class="tabs" role="tablist" aria-label={words.panels.label} onKeyDown={step} tabIndex={-1}>
        {PANELS.map((name, at) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={panel === name}
            aria-controls={panel === name ? "panel" : undefined}
            tabIndex={panel === name || (panel === null && at === 0) ? 0 : -1}
            onClick={() => onShow(name)}
          >
            <Icon name={name} />
            <span>{words.panels[name]}</span>
          </button>
        ))}
      </div>
      {Contents && (
        <div id="panel" class="panel" role="tabpanel" aria-labelledby={`tab-${panel}`}>
          <div class="panel-close">
            <h2>{words.panels[panel]}</h2>
            <IconButton label={words.panels.close} icon="close" onPress={() => onShow(null)} />
          </div>
          <fieldset class="panel-fields" disabled={!editor}>
            {editor ? <Contents key={editor.photo.id} editor={editor} /> : <Waiting />}
          </fieldset>
        </div>
      )}
    </aside>
  );
}

/** Bars where the controls will be. */
function Waiting() {
  return (
    <div class="waiting" aria-hidden="true">
      {[1, 2, 3, 4].map((bar) => (
        <span key={bar} />
      ))}
    </div>
  );
}
