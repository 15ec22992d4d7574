import { useEffect, useState } from "preact/hooks";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { Choices } from "../controls/choices.tsx";
import { Icon, type IconName } from "../controls/icon.tsx";
import type { QualityChoice } from "../desk/preferences.ts";
import { useWatched } from "../desk/store.ts";
import { bytesText } from "../measures.ts";

export function Start() {
  const { chooseFiles } = usePage();
  return (
    <div class="start">
      <div class="start-words">
        <h1>{words.start.title}</h1>
        <p>{words.start.subtitle}</p>
      </div>
      <div class="drop-zone">
        <Illustration />
        <Button label={words.start.choose} icon="add" kind="primary" shortcut="Control+O" onPress={chooseFiles} />
        <p class="quiet">
          {words.start.drop} <span class="by-keyboard">{words.start.drop_hint}</span>
        </p>
      </div>
      <Cost />
      <ul class="facts">
        {words.start.facts.map(({ icon, title, text }) => (
          <li key={title}>
            <Icon name={icon as IconName} />
            <div>
              <strong>{title}</strong>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What a first photo will fetch, and the choice to fetch less. */
function Cost() {
  const { desk, preferences } = usePage();
  const quality = useWatched(preferences, (value) => value.quality);
  const [cost, know] = useState<{ small: number; full: number } | null>(null);
  useEffect(() => {
    let isHere = true;
    // Without a connection or a server with weights the costs stay unknown; the first photo says why.
    Promise.all([desk.session.cost("small"), desk.session.cost("full")]).then(
      ([small, full]) => isHere && know({ small, full }),
      () => {},
    );
    return () => {
      isHere = false;
    };
  }, []);
  return (
    <div class="cost">
      <Choices
        label={words.start.quality}
        isLabelHidden
        value={quality}
        choices={(["ask", "full", "small"] as const).map((value) => ({ value, label: words.quality[value] }))}
        onChoose={(value: QualityChoice) => preferences.change({ quality: value })}
      />
      <p class="quiet" aria-live="polite">
        {costText(quality, cost)}
      </p>
    </div>
  );
}

function costText(quality: QualityChoice, cost: { small: number; full: number } | null): string {
  const { start } = words;
  if (!cost) return "\u00a0";
  if (quality === "small")
    return cost.small ? `${start.small_says} ${start.first_visit(bytesText(cost.small))}` : start.ready;
  if (cost.full === 0) return start.ready;
  const more = bytesText(cost.full - cost.small);
  const first = cost.small ? start.first_visit(bytesText(cost.small)) : "";
  return `${quality === "full" ? start.full_says(more) : start.ask_says(more)} ${first}`;
}

/** A leaf in front of squares of transparency: decoration. */
function Illustration() {
  return (
    <svg class="illustration" viewBox="0 0 200 120" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="squares" width="16" height="16" patternUnits="userSpaceOnUse">
          <rect width="8" height="8" class="square" />
          <rect x="8" y="8" width="8" height="8" class="square" />
        </pattern>
        <clipPath id="half">
          <rect x="100" width="100" height="120" />
        </clipPath>
        <clipPath id="frame">
          <rect x="4" y="4" width="192" height="112" rx="12" />
        </clipPath>
      </defs>
      <g clip-path="url(#frame)">
        <rect width="200" height="120" class="sky" />
        <circle cx="40" cy="34" r="13" class="sun" />
        <path d="M0 92c26-18 50-20 78-8s66 8 122-14v50H0Z" class="hill" />
        <g clip-path="url(#half)">
          <rect width="200" height="120" class="paper" />
          <rect width="200" height="120" fill="url(#squares)" />
        </g>
      </g>
      <path class="leaf" d="M66 104c6-44 30-82 78-90-1 38-14 70-48 78l-16 2" />
      <path class="vein" d="M66 104c16-26 32-44 56-60M86 80l-2-20M100 65l0-22M95 71l22 2M108 58l20-2" />
      <path class="divide" d="M100 4v112" />
    </svg>
  );
}
