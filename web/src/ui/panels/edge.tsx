import { useState } from "preact/hooks";
import type { Editor } from "../../editor/editor.ts";
import type { Recipe } from "../../editor/recipe.ts";
import { hasFew } from "../../kernels/few.ts";
import { OPTIONS } from "../../options.ts";
import { words } from "../../strings/words.ts";
import { usePage, watchedEditor } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { Choices, Switch } from "../controls/choices.tsx";
import { Slider } from "../controls/slider.tsx";
import { useWatched } from "../desk/store.ts";

const SLIDERS = ["edge_shift", "edge_softness", "edge_contrast", "decontaminate"] as const;

/** Sliders work with the ranges of the command's options, and finer where an option is in pixels. */
const STEPS = { edge_shift: 0.5, edge_softness: 0.5, edge_contrast: 1, decontaminate: 1 };
/** A slider over the whole range of an option in pixels could not be aimed; numbers beyond can be typed. */
const WITHIN = { edge_shift: 20, edge_softness: 20, edge_contrast: 100, decontaminate: 100 };

export function EdgePanel({ editor }: { editor: Editor }) {
  const recipe = useWatched(watchedEditor(editor), (state) => state.recipe);
  const isTouched = SLIDERS.some((name) => recipe[name] !== OPTIONS[name].default);
  return (
    <>
      {SLIDERS.map((name) => (
        <Slider
          key={name}
          label={words.edge[name]}
          says={words.edge[`${name}_says`]}
          value={recipe[name]}
          least={Math.max(OPTIONS[name].least!, -WITHIN[name])}
          most={Math.min(OPTIONS[name].most!, WITHIN[name])}
          furthest={[OPTIONS[name].least!, OPTIONS[name].most!]}
          step={STEPS[name]}
          fallback={OPTIONS[name].default as number}
          unit={name === "edge_shift" || name === "edge_softness" ? words.canvas.px : words.canvas.percent}
          onChange={(value, gesture) => editor.set({ [name]: value }, gesture)}
        />
      ))}
      <Button
        label={words.panels.reset}
        icon="reset"
        kind="quiet"
        isDisabled={!isTouched}
        onPress={() => editor.set(Object.fromEntries(SLIDERS.map((name) => [name, OPTIONS[name].default])))}
      />
      {recipe.predictions.length > 0 && <Method editor={editor} recipe={recipe} />}
      {recipe.predictions.length > 0 && recipe.method === "network" && hasFew(editor.photo.size) && (
        <>
          <Switch
            label={words.edge.low_resolution}
            isOn={recipe.low_resolution === "auto"}
            onTurn={(isOn) => void editor.solveEdges(isOn ? "auto" : "off")}
          />
          <p class="quiet">{words.edge.low_resolution_says}</p>
        </>
      )}
      {recipe.predictions.length > 0 && recipe.method !== "chroma" && (
        <Glass editor={editor} value={recipe.transparency} />
      )}
    </>
  );
}

const METHODS = ["network", "chroma", "plain"] as const;
/** What the picker opens with, where the screen's colour is looked for. */
const GREEN = "#00b140";

/** What finds the subject; a method that is not for this photo says so, and leaves all as it was. */
function Method({ editor, recipe: { method, screen, despill } }: { editor: Editor; recipe: Recipe }) {
  const page = usePage();
  // What was pressed is put back where a method is not for this photo.
  const [refusals, count] = useState(0);
  const draw = (change: Partial<Pick<Recipe, "method" | "screen" | "despill">>): void =>
    void editor.drawBy(change).catch((error: unknown) => {
      count(refusals + 1);
      page.complain(error);
    });
  return (
    <>
      <Choices
        key={refusals}
        label={words.edge.method}
        value={method}
        choices={METHODS.map((word) => ({ value: word, label: words.edge.methods[word] }))}
        onChoose={(word) => draw({ method: word })}
      />
      <p class="quiet">{words.edge.method_says[method]}</p>
      {method === "chroma" && (
        <>
          <div class="colour">
            <label>
              <span>{words.edge.screen}</span>
              <input
                key={refusals}
                type="color"
                value={/^#[0-9a-f]{6}$/i.test(screen) ? screen : GREEN}
                onChange={(event) => draw({ screen: event.currentTarget.value })}
              />
            </label>
            <Button
              label={words.edge.screen_found}
              kind="quiet"
              isDisabled={screen === "auto"}
              onPress={() => draw({ screen: "auto" })}
            />
          </div>
          <Choices
            label={words.edge.despill}
            value={`${despill}`}
            choices={Object.entries(words.edge.despills).map(([value, label]) => ({ value, label }))}
            onChoose={(value) => draw({ despill: Number(value) })}
          />
        </>
      )}
    </>
  );
}

const WORDS = ["auto", "off", "strong"] as const;

/** Whether glass lets a new background through; once there is a final matte that it can be taken from. */
function Glass({ editor, value }: { editor: Editor; value: (typeof WORDS)[number] }) {
  return (
    <>
      <Choices
        label={words.edge.transparency}
        value={value}
        choices={WORDS.map((word) => ({ value: word, label: words.edge.transparencies[word] }))}
        onChoose={(word) => void editor.letThrough(word)}
      />
      <p class="quiet">{words.edge.transparency_says[value]}</p>
    </>
  );
}
