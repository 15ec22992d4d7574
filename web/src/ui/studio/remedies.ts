/** What the page can do itself about a finding. */
import type { Editor, ToolName } from "../../editor/editor.ts";
import type { Kind } from "../../report.ts";
import { words } from "../../strings/words.ts";
import type { IconName } from "../controls/icon.tsx";
import type { PanelName } from "../panels/panels.tsx";

export interface Remedy {
  readonly label: string;
  readonly icon: IconName;
  readonly perform: () => void;
}

type Act = keyof typeof words.hints.acts;

const ACTS: Partial<Record<Kind, Act>> = {
  "no-subject": "restore",
  "similar-colours": "smart",
  "network-disagreement": "smart",
  transparent: "through",
  "uncertain-edges": "edge",
  blurred: "edge",
  "several-subjects": "subjects",
  "cut-by-frame": "canvas",
};

/** Null where only the person can do something. */
export function remedyOf(kind: Kind, editor: Editor, show: (panel: PanelName) => void): Remedy | null {
  const act = ACTS[kind];
  if (!act) return null;
  const brush = (tool: ToolName & IconName): Omit<Remedy, "label"> => ({
    icon: tool,
    perform: () => editor.choose(tool),
  });
  const opens = (panel: PanelName): Omit<Remedy, "label"> => ({ icon: panel, perform: () => show(panel) });
  const does: Record<Act, Omit<Remedy, "label">> = {
    restore: brush("restore"),
    smart: brush("smart-restore"),
    subjects: opens("subjects"),
    canvas: opens("canvas"),
    edge: opens("edge"),
    through: { icon: "view", perform: () => void editor.letThrough("strong") },
  };
  return { label: words.hints.acts[act], ...does[act] };
}
