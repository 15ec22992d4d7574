import { useId, useRef } from "preact/hooks";
import { words } from "../../strings/words.ts";
import { Icon } from "./icon.tsx";

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  /** How far a typed number may go, where that is beyond the slider. */
  readonly furthest?: readonly [least: number, most: number];
  /** Where a double click and the reset button lead; without it there is no such button. */
  readonly fallback?: number;
  readonly unit?: string;
  readonly says?: string;
  /** Calls with one `gesture` belong together. */
  readonly onChange: (value: number, gesture: string) => void;
}

let gestures = 0;

/** A slider with its number beside it. The bar is filled from zero, or from the least where zero is not inside. */
export function Slider({ label, value, least, most, step = 1, furthest, fallback, unit, says, onChange }: SliderProps) {
  const id = useId();
  const gesture = useRef(`slider-${++gestures}`);
  const share = (at: number): number => ((Math.min(most, Math.max(least, at)) - least) / (most - least)) * 100;
  const origin = share(Math.max(least, 0));
  const here = share(value);
  const [lowest, highest] = furthest ?? [least, most];
  const change = (next: number): void => {
    if (Number.isFinite(next)) onChange(Math.min(highest, Math.max(lowest, next)), gesture.current);
  };
  const end = (): void => {
    gesture.current = `slider-${++gestures}`;
  };
  return (
    <div class="slider" title={says}>
      <label for={id}>{label}</label>
      {fallback !== undefined && value !== fallback && (
        <button
          type="button"
          class="slider-reset"
          aria-label={words.panels.reset_what(label)}
          title={words.panels.reset}
          onClick={() => {
            change(fallback);
            end();
          }}
        >
          <Icon name="reset" />
        </button>
      )}
      <span class="slider-number">
        <input
          type="number"
          aria-label={words.panels.value_of(label)}
          min={lowest}
          max={highest}
          step={step}
          value={value}
          onChange={(event) => {
            change(event.currentTarget.valueAsNumber);
            end();
          }}
        />
        {unit && <span aria-hidden="true">{unit}</span>}
      </span>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        style={{ "--from": `${Math.min(origin, here)}%`, "--to": `${Math.max(origin, here)}%` }}
        onInput={(event) => change(event.currentTarget.valueAsNumber)}
        onChange={end}
        onDblClick={() => {
          if (fallback !== undefined) change(fallback);
          end();
        }}
      />
    </div>
  );
}
