import type { Editor } from "../../editor/editor.ts";
import { words } from "../../strings/words.ts";
import { watchedEditor } from "../context.ts";
import { Slider } from "../controls/slider.tsx";
import { useWatched } from "../desk/store.ts";

const BRUSHES = ["restore", "erase", "smart-restore", "smart-erase"];

/** The brush in hand. Sizes are on a scale of doublings, so that small ones can be chosen as finely as large ones. */
export function BrushBar({ editor }: { editor: Editor }) {
  const watched = watchedEditor(editor);
  const tool = useWatched(watched, (state) => state.tool);
  const brush = useWatched(watched, (state) => state.brush);
  if (!BRUSHES.includes(tool)) return null;
  const most = Math.max(50, Math.round(Math.max(...editor.photo.size) / 4));
  const isSmart = tool.startsWith("smart");
  return (
    // biome-ignore lint/a11y/useSemanticElements: not a form
    <div class="brush-bar" role="group" aria-label={words.tools.brush}>
      <Slider
        label={words.tools.size}
        value={Math.round(brush.diameter_px)}
        least={1}
        most={most}
        unit={words.canvas.px}
        onChange={(diameter_px) => editor.brushWith({ diameter_px })}
      />
      {!isSmart && (
        <>
          <Slider
            label={words.tools.hardness}
            value={Math.round(brush.hardness * 100)}
            least={0}
            most={100}
            unit={words.canvas.percent}
            onChange={(value) => editor.brushWith({ hardness: value / 100 })}
          />
          <Slider
            label={words.tools.opacity}
            value={Math.round(brush.opacity * 100)}
            least={1}
            most={100}
            unit={words.canvas.percent}
            onChange={(value) => editor.brushWith({ opacity: value / 100 })}
          />
        </>
      )}
    </div>
  );
}
