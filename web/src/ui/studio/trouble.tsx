import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { Icon } from "../controls/icon.tsx";
import type { Item } from "../desk/item.ts";
import { say } from "../say.ts";

/** In the place of a photo that could not be opened: why, and what to do. */
export function Trouble({ item }: { item: Item }) {
  const { desk } = usePage();
  const { what, todo, detail } = say(item.error);
  return (
    <div class="trouble-card" role="alert">
      <Icon name="warning" />
      <h2>{words.stage.failed(item.name)}</h2>
      <p>{what}</p>
      <p class="quiet">{todo}</p>
      {detail && (
        <details class="quiet">
          <summary>{words.notices.details}</summary>
          <p>{detail}</p>
        </details>
      )}
      <div class="row">
        <Button label={words.stage.remove} onPress={() => desk.remove(item.key)} />
        <Button label={words.progress.retry} icon="retry" kind="primary" onPress={() => desk.retry(item.key)} />
      </div>
    </div>
  );
}
