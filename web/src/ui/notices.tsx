import { words } from "../strings/words.ts";
import { usePage } from "./context.ts";
import { Button, IconButton } from "./controls/button.tsx";
import { Icon } from "./controls/icon.tsx";
import { useWatched } from "./desk/store.ts";
import { dismiss } from "./page.ts";

/** What has to be said, in a corner; read aloud when it comes. */
export function Notices() {
  const { shown } = usePage();
  const notices = useWatched(shown, (value) => value.notices);
  return (
    <section class="notices" aria-label={words.notices.label} aria-live="polite">
      {notices.map(({ key, kind, said, action }) => (
        <div key={key} class={`notice ${kind}`} role={kind === "error" ? "alert" : undefined}>
          {kind === "error" && <Icon name="warning" />}
          <div>
            <p>{said.what}</p>
            {said.todo && <p class="quiet">{said.todo}</p>}
            {said.detail && (
              <details>
                <summary>{words.notices.details}</summary>
                {said.detail}
              </details>
            )}
            {action && (
              <Button
                label={action.label}
                onPress={() => {
                  dismiss(shown, key);
                  action.perform();
                }}
              />
            )}
          </div>
          <IconButton label={words.notices.close} icon="close" onPress={() => dismiss(shown, key)} />
        </div>
      ))}
    </section>
  );
}
