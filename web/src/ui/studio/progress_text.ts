/** Where a photo stands, in a sentence. */
import type { Progress } from "../../session.ts";
import { words } from "../../strings/words.ts";
import type { Item } from "../desk/item.ts";
import { bytesText, secondsText } from "../measures.ts";
import { say } from "../say.ts";

export function itemText(item: Item): string {
  const { progress } = words;
  switch (item.state) {
    case "waiting":
      return progress.waiting;
    case "opening":
      return progress.opening;
    case "running":
      return [timesText(item), item.progress ? progressText(item.progress) : ""].filter(Boolean).join(" · ");
    case "failed":
      return say(item.error).what;
    case "stopped":
      return progress.stopped;
    case "done":
      return item.found?.is_empty ? progress.empty : timesText(item);
  }
}

/** `First cutout in 1.2 s · final in 8.4 s`. */
function timesText({ first_s, found }: Item): string {
  if (first_s === null) return "";
  const parts = [words.progress.first(secondsText(first_s))];
  if (found?.is_final && found.models.length > 1) parts.push(words.progress.final(secondsText(found.seconds)));
  return parts.join(" · ");
}

export function progressText({ stage, what, done, total, left_s }: Progress): string {
  const { progress } = words;
  const name = progress.what[what] ?? what;
  if (stage !== "download") return stage === "edges" ? progress.edges : progress[stage](name);
  const parts = [progress.download(name)];
  if (total > 0) parts.push(progress.of(bytesText(done), bytesText(total)));
  if (left_s !== null) parts.push(progress.left(secondsText(left_s)));
  return parts.join(" · ");
}

/** 0 to 1, or null where the end is not known. */
export function progressShare(progress: Progress | null): number | null {
  return progress && progress.stage === "download" && progress.total > 0 ? progress.done / progress.total : null;
}
