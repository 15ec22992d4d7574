import { useEffect, useRef, useState } from "preact/hooks";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { save, type Wanted, zipAll } from "../desk/finishing.ts";
import { useWatched } from "../desk/store.ts";
import { bytesText } from "../measures.ts";

/** All photos as one ZIP. What fails is named; the rest arrives. */
export function DownloadAll({ wanted }: { wanted: Wanted }) {
  const { desk, notify, complain } = usePage();
  const count = useWatched(desk.state, (state) => state.items.filter((item) => item.state === "done").length);
  const [progress, show] = useState<readonly [done: number, total: number] | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const start = async (): Promise<void> => {
    controller.current = new AbortController();
    try {
      const report = (done: number, total: number): void => show([done, total]);
      const { blob, count, failed } = await zipAll(desk, wanted, report, controller.current.signal);
      save(blob, words.download.zip_name);
      notify(words.download.all_done(count, bytesText(blob.size)));
      if (failed.length) notify(words.download.left_out(failed.map(({ name }) => name).join(", ")));
    } catch (error) {
      if (!controller.current.signal.aborted) complain(error);
    }
    show(null);
  };
  return (
    <div class="download-all">
      {progress ? (
        <>
          <progress value={progress[0]} max={progress[1]} aria-label={words.download.all(count)} />
          <p role="status">{words.download.all_progress(...progress)}</p>
          <Button label={words.progress.stop} icon="stop" kind="quiet" onPress={() => controller.current?.abort()} />
        </>
      ) : (
        <Button label={words.download.all(count)} icon="download" onPress={() => void start()} />
      )}
    </div>
  );
}
