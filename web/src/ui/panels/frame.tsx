import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Canvas } from "../../editor/recipe.ts";
import { words } from "../../strings/words.ts";
import { watchedEditor } from "../context.ts";
import { Choices, Switch } from "../controls/choices.tsx";
import { Slider } from "../controls/slider.tsx";
import { useWatched } from "../desk/store.ts";
import { actionNamed } from "../wiring.ts";
import { LayoutPreview } from "./layout_preview.tsx";
import { isPreset, PRESETS, type PresetName, presetChange } from "./presets.ts";

const fit = actionNamed("fit");

/** Where the subject may stand: shares of the free space, as the option `position` writes them. */
const PLACES = [0, 50, 100].flatMap((y) => [0, 50, 100].map((x) => `${x}% ${y}%`));

/** Crop, margin, size, scale and position: the recipe's `canvas`. */
export function FramePanel({ editor }: { editor: PaintableEditor }) {
  const recipe = useWatched(watchedEditor(editor), (state) => state.recipe);
  const { canvas } = recipe;
  const set = (change: Partial<Canvas>, gesture?: string): void =>
    editor.set({ canvas: { ...canvas, ...change } }, gesture);
  const margin = Number.parseFloat(canvas.margin);
  return (
    <>
      <LayoutPreview editor={editor} recipe={recipe} />
      <Choices<PresetName>
        label={words.canvas.presets}
        look="cards"
        value={PRESETS.find((name) => isPreset(name, recipe)) ?? null}
        choices={PRESETS.map((value) => ({
          value,
          label: words.canvas[value],
          says: words.canvas[`${value}_says`],
        }))}
        onChoose={(name) => {
          editor.set(presetChange(name, recipe));
          fit.perform(editor); // so that all of the frame is seen
        }}
      />
      <Switch
        label={words.canvas.crop}
        isOn={canvas.crop}
        // A margin is the space around a cropped subject: there is none without.
        onTurn={(crop) => set({ crop, margin: crop ? canvas.margin : "0" })}
      />
      {canvas.crop && (
        <Slider
          label={words.canvas.margin}
          value={margin}
          least={0}
          most={50}
          unit={words.canvas.percent}
          fallback={0}
          onChange={(value, gesture) => set({ margin: value === 0 ? "0" : `${value}%` }, gesture)}
        />
      )}
      <Switch
        label={words.canvas.sized}
        isOn={canvas.size !== null}
        onTurn={(isOn) => set({ size: isOn ? [...editor.photo.size].reverse().join("x") : null })}
      />
      {canvas.size !== null && <SizeFields size={canvas.size} onSet={(size) => set({ size })} />}
      <Switch
        label={words.canvas.placed}
        isOn={canvas.scale !== null}
        onTurn={(isOn) => set(isOn ? { scale: "85%", position: "center" } : { scale: null, position: null })}
      />
      {canvas.scale !== null && (
        <>
          <Slider
            label={words.canvas.scale}
            value={Number.parseFloat(canvas.scale)}
            least={10}
            most={100}
            unit={words.canvas.percent}
            onChange={(value, gesture) => set({ scale: `${value}%` }, gesture)}
          />
          <Places position={canvas.position} onSet={(position) => set({ position })} />
        </>
      )}
    </>
  );
}

function SizeFields({ size, onSet }: { size: string; onSet: (size: string) => void }) {
  const [width, height] = size.split("x").map(Number) as [number, number];
  const field = (label: string, value: number, write: (next: number) => string) => (
    <label>
      <span>{label}</span>
      <input
        type="number"
        min={1}
        max={20000}
        value={value}
        onChange={(event) => {
          const next = Math.round(event.currentTarget.valueAsNumber);
          if (next >= 1 && next <= 20000) onSet(write(next));
          else event.currentTarget.valueAsNumber = value;
        }}
      />
    </label>
  );
  return (
    <div class="size-fields">
      {field(words.canvas.width, width, (next) => `${next}x${height}`)}
      <span aria-hidden="true">×</span>
      {field(words.canvas.height, height, (next) => `${width}x${next}`)}
    </div>
  );
}

function Places({ position, onSet }: { position: string | null; onSet: (position: string) => void }) {
  const here = position === null || position === "center" ? "50% 50%" : position;
  return (
    <fieldset class="places">
      <legend>{words.canvas.position}</legend>
      <div>
        {PLACES.map((place, at) => (
          <button
            key={place}
            type="button"
            aria-label={words.canvas.places[at]}
            title={words.canvas.places[at]}
            aria-pressed={place === here}
            onClick={() => onSet(place === "50% 50%" ? "center" : place)}
          />
        ))}
      </div>
      <button type="button" class="button" aria-pressed={here === "original"} onClick={() => onSet("original")}>
        {words.canvas.keep}
      </button>
    </fieldset>
  );
}
