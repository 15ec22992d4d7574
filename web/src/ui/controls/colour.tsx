import { useRef } from "preact/hooks";
import { words } from "../../strings/words.ts";

interface ColourProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string, gesture: string) => void;
}

let gestures = 0;

/** The browser's colour picker with the colour as text beside it. */
export function Colour({ label, value, onChange }: ColourProps) {
  const gesture = useRef(`colour-${++gestures}`);
  const end = (): void => {
    gesture.current = `colour-${++gestures}`;
  };
  return (
    <div class="colour">
      <label>
        <span>{label}</span>
        <input
          type="color"
          value={value}
          onInput={(event) => onChange(event.currentTarget.value, gesture.current)}
          onChange={end}
        />
      </label>
      <input
        type="text"
        aria-label={`${label}: ${words.background.hex}`}
        value={value}
        maxLength={7}
        spellcheck={false}
        onChange={(event) => {
          const text = event.currentTarget.value.trim().replace(/^#?/, "#").toLowerCase();
          if (/^#[0-9a-f]{6}$/.test(text)) onChange(text, gesture.current);
          else event.currentTarget.value = value;
          end();
        }}
      />
    </div>
  );
}

interface SwatchesProps {
  readonly colours: Record<string, string>;
  readonly value: string | null;
  readonly onChoose: (colour: string) => void;
}

export function Swatches({ colours, value, onChoose }: SwatchesProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid in every browser, and this is not a form
    <div class="swatches" role="group" aria-label={words.background.swatches}>
      {Object.entries(colours).map(([colour, name]) => (
        <button
          key={colour}
          type="button"
          class="swatch"
          style={{ "--swatch": colour }}
          aria-label={name}
          aria-pressed={colour === value}
          title={name}
          onClick={() => onChoose(colour)}
        />
      ))}
    </div>
  );
}
