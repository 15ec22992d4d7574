import { useRef } from "preact/hooks";
import type { PaintableEditor } from "../../editor/paintable.ts";
import { words } from "../../strings/words.ts";
import { watchedEditor } from "../context.ts";
import { Icon, isIcon } from "../controls/icon.tsx";
import { useWatched } from "../desk/store.ts";
import { ACTIONS, type Action } from "../wiring.ts";

const TOOLS = ACTIONS.filter((action) => action.group === "tool" && isIcon(action.name));

/** The editor's tools. One stop for Tab; arrow keys go along it. */
export function Toolbar({ editor }: { editor: PaintableEditor | null }) {
  const bar = useRef<HTMLDivElement>(null);
  const step = (event: KeyboardEvent): void => {
    const forward = ["ArrowDown", "ArrowRight"].includes(event.key);
    if (!forward && !["ArrowUp", "ArrowLeft"].includes(event.key)) return;
    event.preventDefault();
    const buttons = [...bar.current!.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons.at((at + (forward ? 1 : -1)) % buttons.length)?.focus();
  };
  return (
    <div class="toolbar" role="toolbar" aria-label={words.tools.label} ref={bar} onKeyDown={step} tabIndex={-1}>
      {TOOLS.map((tool, at) =>
        editor ? (
          <ToolButton key={tool.name} tool={tool} editor={editor} />
        ) : (
          <Tool key={tool.name} tool={tool} isFirst={at === 0} />
        ),
      )}
    </div>
  );
}

function ToolButton({ tool, editor }: { tool: Action; editor: PaintableEditor }) {
  const isPressed = useWatched(watchedEditor(editor), (state) => tool.isPressed?.(state) ?? false);
  return <Tool tool={tool} isFirst={isPressed} isPressed={isPressed} onPress={() => tool.perform(editor)} />;
}

interface ToolProps {
  readonly tool: Action;
  readonly isFirst: boolean;
  readonly isPressed?: boolean;
  readonly onPress?: () => void;
}

function Tool({ tool, isFirst, isPressed = false, onPress }: ToolProps) {
  const label = words.actions[tool.name] ?? tool.label;
  return (
    <button
      type="button"
      class="tool"
      disabled={!onPress}
      tabIndex={isFirst ? 0 : -1}
      aria-label={label}
      aria-pressed={isPressed}
      aria-keyshortcuts={tool.shortcuts[0]}
      title={tool.shortcuts[0] ? `${label} (${tool.shortcuts[0]})` : label}
      onClick={onPress}
    >
      <Icon name={isIcon(tool.name) ? tool.name : "brush"} />
    </button>
  );
}
