import type { Editor } from "../../editor/editor.ts";
import type { Background } from "../../editor/recipe.ts";
import { words } from "../../strings/words.ts";
import { usePage, watchedEditor } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { Choices } from "../controls/choices.tsx";
import { Colour, Swatches } from "../controls/colour.tsx";
import { Slider } from "../controls/slider.tsx";
import { useWatched } from "../desk/store.ts";

type Kind = Background["kind"];

/** (from, to, angle in degrees), by the name of their words. */
const BLENDS: Record<keyof typeof words.background.blends, readonly [string, string, number]> = {
  studio: ["#fbfbfa", "#c9cdd2", 90],
  mist: ["#eef2f5", "#b8c6d1", 90],
  dawn: ["#fde7d6", "#e9a6a1", 90],
  mint: ["#e9f5ee", "#8fc9b0", 90],
  dusk: ["#8a86c9", "#2f2b52", 90],
  night: ["#3a4048", "#101215", 90],
};

export function BackgroundPanel({ editor }: { editor: Editor }) {
  const background = useWatched(watchedEditor(editor), (state) => state.recipe.background);
  const choose = useChoosing(editor);
  const set = (next: Background, gesture?: string): void => editor.set({ background: next }, gesture);
  return (
    <>
      <Choices<Kind>
        label={words.background.kind}
        isLabelHidden
        look="cards"
        value={background.kind}
        choices={(["transparent", "colour", "gradient", "picture", "blur"] as const).map((value) => ({
          value,
          label: words.background[value],
          picture: <span class="kind" data-kind={value} aria-hidden="true" />,
        }))}
        onChoose={(kind) => (kind === "picture" ? choose() : set(beginning(kind, editor)))}
      />
      {background.kind === "transparent" && <p class="quiet">{words.background.transparent_says}</p>}
      {background.kind === "colour" && <Plain background={background} onSet={set} />}
      {background.kind === "gradient" && <Blend background={background} onSet={set} />}
      {background.kind === "picture" && (
        <>
          <p class="quiet">
            {background.name}. {words.background.picture_says}
          </p>
          <Button label={words.background.change} icon="background" onPress={choose} />
        </>
      )}
      {background.kind === "blur" && (
        <>
          <Slider
            label={words.background.radius}
            value={background.radius_px}
            least={1}
            most={Math.max(20, Math.round(Math.max(...editor.photo.size) / 20))}
            unit={words.canvas.px}
            onChange={(radius_px, gesture) => set({ kind: "blur", radius_px }, gesture)}
          />
          <p class="quiet">{words.background.blur_says}</p>
        </>
      )}
    </>
  );
}

function beginning(kind: Exclude<Kind, "picture">, editor: Editor): Background {
  switch (kind) {
    case "transparent":
      return { kind };
    case "colour":
      return { kind, colour: "#ffffff" };
    case "gradient": {
      const [from, to, angle_deg] = BLENDS.studio;
      return { kind, from, to, angle_deg };
    }
    case "blur":
      return { kind, radius_px: Math.max(4, Math.round(Math.max(...editor.photo.size) / 60)) };
  }
}

interface PartProps<K extends Kind> {
  readonly background: Extract<Background, { kind: K }>;
  readonly onSet: (next: Background, gesture?: string) => void;
}

function Plain({ background, onSet }: PartProps<"colour">) {
  return (
    <>
      <Swatches
        colours={words.background.colours}
        value={background.colour}
        onChoose={(colour) => onSet({ kind: "colour", colour })}
      />
      <Colour
        label={words.background.pick}
        value={background.colour}
        onChange={(colour, gesture) => onSet({ kind: "colour", colour }, gesture)}
      />
    </>
  );
}

function Blend({ background, onSet }: PartProps<"gradient">) {
  return (
    <>
      <fieldset class="swatches blends" aria-label={words.background.swatches}>
        {Object.entries(BLENDS).map(([name, [from, to, angle_deg]]) => {
          const label = words.background.blends[name as keyof typeof BLENDS];
          return (
            <button
              key={name}
              type="button"
              class="swatch"
              style={{ "--swatch": `linear-gradient(${from}, ${to})` }}
              aria-label={label}
              title={label}
              aria-pressed={background.from === from && background.to === to}
              onClick={() => onSet({ kind: "gradient", from, to, angle_deg })}
            />
          );
        })}
      </fieldset>
      <Colour
        label={words.background.from}
        value={background.from}
        onChange={(from, gesture) => onSet({ ...background, from }, gesture)}
      />
      <Colour
        label={words.background.to}
        value={background.to}
        onChange={(to, gesture) => onSet({ ...background, to }, gesture)}
      />
      <Slider
        label={words.background.angle}
        value={background.angle_deg}
        least={0}
        most={360}
        unit={words.units.degree}
        onChange={(angle_deg, gesture) => onSet({ ...background, angle_deg }, gesture)}
      />
    </>
  );
}

/** Asks for a picture and puts it behind the subject. */
function useChoosing(editor: Editor): () => void {
  const { complain } = usePage();
  return () => {
    const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
    input.onchange = async () => {
      const [file] = input.files ?? [];
      if (!file) return;
      try {
        editor.set({ background: { kind: "picture", name: file.name, bytes: await base64(file) } });
      } catch (error) {
        complain(error);
      }
    };
    input.click();
  };
}

async function base64(file: Blob): Promise<string> {
  const reader = new FileReader();
  await new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return String(reader.result).split(",", 2)[1] ?? "";
}
