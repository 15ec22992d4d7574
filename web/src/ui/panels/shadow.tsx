import type { Editor } from "../../editor/editor.ts";
import type { Shadow, ShadowKind } from "../../editor/recipe.ts";
import { words } from "../../strings/words.ts";
import { watchedEditor } from "../context.ts";
import { Choices } from "../controls/choices.tsx";
import { Slider } from "../controls/slider.tsx";
import { useWatched } from "../desk/store.ts";

export function ShadowPanel({ editor }: { editor: Editor }) {
  const { shadow, reflection } = useWatched(watchedEditor(editor), (state) => state.recipe);
  const kept = useWatched(editor.keptBox, (box) => box);
  const longest = Math.max(...editor.photo.size);
  const set = (change: Partial<Shadow>, gesture?: string): void =>
    editor.set({ shadow: { ...shadow, ...change } }, gesture);
  const { kind } = shadow;
  const falls = kind === "drop" || kind === "cast";
  return (
    <>
      <Choices
        label={words.shadow.kind}
        isLabelHidden
        look="cards"
        value={kind}
        choices={KINDS.map((value) => ({ value, label: words.shadow.kinds[value] }))}
        onChoose={(value) => set(first(value, longest))}
      />
      <p class="quiet">{kind === "keep" && kept === null ? words.shadow.none_kept : words.shadow.says[kind]}</p>
      {falls && (
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
            most={Math.max(30, Math.round(longest / (kind === "cast" ? 1 : 8)))}
            unit={words.canvas.px}
            onChange={(distance_px, gesture) => set({ distance_px }, gesture)}
          />
        </>
      )}
      {kind !== "none" && (
        <>
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
      <Slider
        label={words.shadow.reflection}
        says={words.shadow.reflection_says}
        value={reflection}
        least={0}
        most={100}
        fallback={0}
        unit={words.canvas.percent}
        onChange={(percent, gesture) => editor.set({ reflection: percent }, gesture)}
      />
    </>
  );
}

const KINDS = ["none", "keep", "drop", "contact", "cast"] as const;

/** A shadow that can be seen, in proportion to the photo. */
function first(kind: ShadowKind, longest: number): Partial<Shadow> {
  const px = (share: number): number => Math.round(longest * share);
  switch (kind) {
    case "keep":
      return { kind, softness_px: 0, opacity: 1 };
    case "drop":
      return { kind, angle_deg: 90, distance_px: px(1 / 50), softness_px: px(1 / 60), opacity: 0.4 };
    case "contact":
      return { kind, angle_deg: 90, distance_px: 0, softness_px: px(1 / 60), opacity: 0.6 };
    case "cast":
      return { kind, angle_deg: 325, distance_px: px(1 / 3), softness_px: px(1 / 50), opacity: 0.4 };
    default:
      return { kind };
  }
}
