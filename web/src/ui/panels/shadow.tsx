import type { Editor } from "../../editor/editor.ts";
import type { Shadow } from "../../editor/recipe.ts";
import { words } from "../../strings/words.ts";
import { watchedEditor } from "../context.ts";
import { Switch } from "../controls/choices.tsx";
import { Slider } from "../controls/slider.tsx";
import { useWatched } from "../desk/store.ts";

export function ShadowPanel({ editor }: { editor: Editor }) {
  const shadow = useWatched(watchedEditor(editor), (state) => state.recipe.shadow);
  const longest = Math.max(...editor.photo.size);
  const set = (change: Partial<Shadow>, gesture?: string): void =>
    editor.set({ shadow: { ...shadow, ...change } }, gesture);
  return (
    <>
      <Switch
        label={words.shadow.on}
        isOn={shadow.kind === "drop"}
        onTurn={(isOn) => set(isOn ? first(longest) : { kind: "none" })}
      />
      <p class="quiet">{words.shadow.says}</p>
      {shadow.kind === "drop" && (
        <>
          <Slider
            label={words.shadow.angle}
            value={shadow.angle_deg}
            least={0}
            most={360}
            unit={words.units.degree}
            onChange={(angle_deg, gesture) => set({ angle_deg }, gesture)}
          />
          <Slider
            label={words.shadow.distance}
            value={shadow.distance_px}
            least={0}
            most={Math.max(30, Math.round(longest / 8))}
            unit={words.canvas.px}
            onChange={(distance_px, gesture) => set({ distance_px }, gesture)}
          />
          <Slider
            label={words.shadow.softness}
            value={shadow.softness_px}
            least={0}
            most={Math.max(30, Math.round(longest / 12))}
            unit={words.canvas.px}
            onChange={(softness_px, gesture) => set({ softness_px }, gesture)}
          />
          <Slider
            label={words.shadow.opacity}
            value={Math.round(shadow.opacity * 100)}
            least={0}
            most={100}
            unit={words.canvas.percent}
            onChange={(percent, gesture) => set({ opacity: percent / 100 }, gesture)}
          />
        </>
      )}
    </>
  );
}

/** A shadow that can be seen, in proportion to the photo. */
function first(longest: number): Shadow {
  return {
    kind: "drop",
    angle_deg: 90,
    distance_px: Math.round(longest / 50),
    softness_px: Math.round(longest / 60),
    opacity: 0.4,
  };
}
