import { words } from "../../strings/words.ts";
import { Dialog } from "../controls/dialog.tsx";
import { PAGE_SHORTCUTS } from "../keyboard.ts";
import { ACTIONS, type Action } from "../wiring.ts";

const GROUPS = ["tool", "brush", "history", "view"] as const;

/** Every key, of the editor and of the page, in the order in which people come to need them. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const rows = (group: Action["group"]) =>
    ACTIONS.filter((action) => action.group === group && action.shortcuts.length > 0).map((action) => ({
      label: words.actions[action.name] ?? action.label,
      keys: action.shortcuts,
    }));
  return (
    <Dialog title={words.shortcuts.title} onClose={onClose}>
      <div class="shortcuts">
        {GROUPS.map((group) => (
          <Sheet key={group} title={words.shortcuts.groups[group]} rows={rows(group)} />
        ))}
        <Sheet title={words.shortcuts.page} rows={PAGE_SHORTCUTS} />
      </div>
    </Dialog>
  );
}

interface SheetProps {
  readonly title: string;
  readonly rows: readonly { readonly label: string; readonly keys: readonly string[] }[];
}

function Sheet({ title, rows }: SheetProps) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(({ label, keys }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {keys.map((key) => (
                <span key={key} class="keys">
                  {key.split("+").map((part) => (
                    <kbd key={part}>{words.shortcuts.names[part] ?? part}</kbd>
                  ))}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
