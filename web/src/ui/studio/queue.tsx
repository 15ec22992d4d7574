import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button, IconButton } from "../controls/button.tsx";
import { Icon } from "../controls/icon.tsx";
import { type Item, isBusy } from "../desk/item.ts";
import { useWatched } from "../desk/store.ts";
import { itemText, progressShare } from "./progress_text.ts";
import { VERDICT_ICONS } from "./verdict_icons.ts";

/** All photos, with where each stands. */
export function Queue() {
  const { desk, shown, notify } = usePage();
  const items = useWatched(desk.state, (state) => state.items);
  const selected = useWatched(desk.state, (state) => state.selected);
  const hasEditor = useWatched(desk.state, (state) => Boolean(state.opened?.editor));
  const done = items.filter((item) => item.state === "done").length;
  const isWorking = items.some((item) => isBusy(item) || item.state === "waiting");
  return (
    <section class="queue" aria-label={words.queue.label}>
      <ul>
        {items.map((item) => (
          <Card key={item.key} item={item} isSelected={item.key === selected} />
        ))}
      </ul>
      <div class="queue-actions">
        <p role="status" class="quiet">
          {words.queue.progress(done, items.length)}
        </p>
        <div class="row">
          {isWorking && <Button label={words.queue.stop_all} icon="stop" kind="quiet" onPress={() => desk.stopAll()} />}
          <Button
            label={words.queue.share}
            icon="share"
            kind="quiet"
            title={words.queue.share_says}
            isDisabled={!hasEditor}
            onPress={() => {
              desk.shareSettings();
              notify(words.queue.shared(items.length));
            }}
          />
          <Button
            label={words.queue.zip}
            icon="download"
            isDisabled={done === 0}
            onPress={() => shown.change({ dialog: "download" })}
          />
        </div>
      </div>
    </section>
  );
}

function Card({ item, isSelected }: { item: Item; isSelected: boolean }) {
  const { desk } = usePage();
  const share = progressShare(item.progress);
  const isEmpty = item.state === "done" && item.found?.is_empty;
  const verdict = item.state === "done" && !isEmpty ? item.report?.verdict : undefined;
  const state = isEmpty ? words.queue.empty : words.queue.states[item.state];
  const said = verdict ? words.hints.in_queue(state, words.hints.verdicts[verdict]) : state;
  return (
    <li class="card" data-state={item.state} title={`${item.name}: ${itemText(item)}`}>
      <button
        type="button"
        class="card-picture"
        aria-label={words.queue.open(item.name, said)}
        aria-current={isSelected}
        onClick={() => void desk.select(item.key)}
      >
        {item.thumbnail ? <img src={item.thumbnail} alt="" /> : <Icon name="background" />}
        {isBusy(item) && <progress {...(share === null ? {} : { value: share, max: 1 })} aria-hidden="true" />}
        {item.state === "failed" && <Icon name="warning" />}
        {verdict && (
          <span class="card-verdict" data-verdict={verdict}>
            <Icon name={VERDICT_ICONS[verdict]} />
          </span>
        )}
      </button>
      <div class="card-actions">
        {(item.state === "failed" || item.state === "stopped") && (
          <IconButton label={words.queue.retry(item.name)} icon="retry" onPress={() => desk.retry(item.key)} />
        )}
        {isBusy(item) && (
          <IconButton label={words.queue.stop(item.name)} icon="stop" onPress={() => desk.stop(item.key)} />
        )}
        {!isBusy(item) && (
          <IconButton label={words.queue.remove(item.name)} icon="close" onPress={() => desk.remove(item.key)} />
        )}
      </div>
    </li>
  );
}
