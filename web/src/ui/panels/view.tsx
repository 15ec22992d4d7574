import type { Backdrop, Editor, View } from "../../editor/editor.ts";
import { words } from "../../strings/words.ts";
import { watchedEditor } from "../context.ts";
import { Choices, Switch } from "../controls/choices.tsx";
import { Colour } from "../controls/colour.tsx";
import { useWatched } from "../desk/store.ts";

type BackdropName = "checker" | "white" | "black" | "colour";

/** Ways of looking. None of them is saved. */
export function ViewPanel({ editor }: { editor: Editor }) {
  const looking = useWatched(watchedEditor(editor), (state) => state.looking);
  const { backdrop } = looking;
  return (
    <>
      <Choices<View>
        label={words.view.show}
        look="cards"
        value={looking.view}
        choices={(["cutout", "overlay", "matte", "original"] as const).map((value) => ({
          value,
          label: words.view[value],
          picture: <span class="kind" data-view={value} aria-hidden="true" />,
        }))}
        onChoose={(view) => editor.look({ view })}
      />
      <Choices<BackdropName>
        label={words.view.backdrop}
        look="cards"
        value={typeof backdrop === "string" ? backdrop : "colour"}
        choices={(["checker", "white", "black", "colour"] as const).map((value) => ({
          value,
          label: words.view[value],
          picture: <span class="kind" data-backdrop={value} aria-hidden="true" />,
        }))}
        onChoose={(value) =>
          editor.look({ backdrop: value === "colour" ? { colour: "#2f9e8f" } : (value as Backdrop) })
        }
      />
      {typeof backdrop !== "string" && (
        <Colour
          label={words.view.pick}
          value={backdrop.colour}
          onChange={(colour) => editor.look({ backdrop: { colour } })}
        />
      )}
      <Switch
        label={words.stage.split}
        isOn={looking.split !== null}
        onTurn={(isOn) => editor.look({ split: isOn ? 0.5 : null })}
      />
      <p class="quiet">{words.view.says}</p>
    </>
  );
}
