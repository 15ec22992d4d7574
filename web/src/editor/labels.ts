/** What steps are called, in English; the page looks them up in its strings. */

import type { Settable } from "./editor.ts";
import type { Step } from "./history.ts";
import type { Act } from "./recipe.ts";

const SETTINGS: Record<keyof Settable, string> = {
  subject: "choice of subjects",
  reflection: "reflection",
  method: "method",
  screen: "screen",
  despill: "despill",
  low_resolution: "edges of a small photo",
  transparency: "transparency",
  edge_shift: "edge shift",
  edge_softness: "edge softness",
  edge_contrast: "edge contrast",
  decontaminate: "decontamination",
  background: "background",
  shadow: "shadow",
  canvas: "canvas",
};

export function labelOf(step: Step | null): string | null {
  if (!step) return null;
  if (step.kind === "act") return actLabel(step.act);
  const names = Object.keys(step.after) as (keyof Settable)[];
  return names.map((name) => SETTINGS[name]).join(", ");
}

function actLabel(act: Act): string {
  if (act.kind === "stroke") return `${act.is_smart ? "smart " : ""}${act.mode} stroke`;
  return `${act.mode} ${act.kind}`;
}
