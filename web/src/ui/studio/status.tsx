import type { Machine } from "../../session.ts";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { type Item, isBusy } from "../desk/item.ts";
import { useWatched } from "../desk/store.ts";
import { say } from "../say.ts";
import { itemText, progressShare } from "./progress_text.ts";

/** The progress line under the picture: what is happening, how long it took, and the way to stop it. */
export function Status() {
  const { desk } = usePage();
  const isOpen = useWatched(desk.state, (state) => state.opened !== null);
  const item = useWatched(desk.state, (state) => state.items.find(({ key }) => key === state.selected) ?? null);
  // A photo that could not be opened is spoken of in the middle.
  if (!item || (item.state === "failed" && !isOpen)) return null;
  const share = progressShare(item.progress);
  return (
    <div class="status" data-state={item.state}>
      {isBusy(item) && (
        <progress {...(share === null ? {} : { value: share, max: 1 })} aria-label={words.queue.states[item.state]} />
      )}
      <p role="status">
        <Sentence item={item} />
        {item.found && <MachineNote machine={desk.session.machine} />}
      </p>
      {item.state === "failed" || item.state === "stopped" ? (
        <Button label={words.progress.retry} icon="retry" kind="quiet" onPress={() => desk.retry(item.key)} />
      ) : (
        isBusy(item) && (
          <Button label={words.progress.stop} icon="stop" kind="quiet" onPress={() => desk.stop(item.key)} />
        )
      )}
    </div>
  );
}

function Sentence({ item }: { item: Item }) {
  const notes = item.notes.length > 0 && <span class="quiet"> {item.notes.join(" ")}</span>;
  const failed = item.error !== null && item.error !== undefined;
  const said = failed ? say(item.error) : null;
  return (
    <>
      {itemText(item)}
      {said && (
        <span class="quiet" title={said.detail}>
          {" "}
          {item.state === "failed" ? said.todo : `${said.what} ${said.todo}`}
        </span>
      )}
      {notes}
    </>
  );
}

/** What ran the networks, so that nobody wonders why it took so long; the settings say more. */
function MachineNote({ machine }: { machine: Machine | null }) {
  if (!machine) return null;
  const { settings } = words;
  const says = machine.provider === "webgpu" ? settings.webgpu_short : settings.wasm_short(machine.threads);
  return (
    <span class="quiet" title={machine.why}>
      {" "}
      · {says}
    </span>
  );
}
