import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly says?: string;
  readonly picture?: ComponentChildren;
}

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly choices: readonly Choice<T>[];
  /** `bar` is a row of segments, `cards` a grid. */
  readonly look?: "bar" | "cards";
  readonly isLabelHidden?: boolean;
  readonly onChoose: (value: T) => void;
}

/** One of a few: a group of radio buttons, so that arrow keys and screen readers know what it is. */
export function Choices<T extends string>({
  label,
  value,
  choices,
  look = "bar",
  isLabelHidden,
  onChoose,
}: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset class={`choices ${look}`} data-count={choices.length}>
      <legend class={isLabelHidden ? "unseen" : undefined}>{label}</legend>
      <div>
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="radio"
              class="unseen"
              name={name}
              checked={choice.value === value}
              onChange={() => onChoose(choice.value)}
            />
            <span class="choice">
              {choice.picture}
              <span>{choice.label}</span>
              {choice.says && <small>{choice.says}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
}

export function Switch({ label, isOn, onTurn }: SwitchProps) {
  return (
    <label class="switch">
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        checked={isOn}
        onChange={(event) => onTurn(event.currentTarget.checked)}
      />
    </label>
  );
}
