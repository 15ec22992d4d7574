import { useEffect, useRef, useState } from "preact/hooks";
import type { Explained, Photo, Progress } from "../../session.ts";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { useWatched } from "../desk/store.ts";
import { say } from "../say.ts";
import { progressShare, progressText } from "../studio/progress_text.ts";

/** The order of the telling: from the first guess to the finished colours. */
const ORDER: readonly Explained["id"][] = [
  "input",
  "depth-6",
  "depth-5",
  "depth-4",
  "depth-3",
  "depth-2",
  "depth-1",
  "matte",
  "edges",
  "colours",
];

/** What happens to the open photo, one picture and one sentence after another. */
export function ExplainView() {
  const { desk, shown } = usePage();
  const photo = useWatched(desk.state, (state) => state.opened?.photo ?? null);
  return (
    <article class="explain">
      <Button
        label={words.explain.back}
        icon="back"
        kind="quiet"
        onPress={() => shown.change({ isExplaining: false })}
      />
      <h1>{words.explain.title}</h1>
      <p class="lead">{photo ? words.explain.subtitle : words.explain.none}</p>
      {photo && <Steps key={photo.id} photo={photo} />}
    </article>
  );
}

function Steps({ photo }: { photo: Photo }) {
  const { desk } = usePage();
  const [pictures, show] = useState<readonly Explained[]>([]);
  const [progress, report] = useState<Progress | null>(null);
  const [trouble, complain] = useState<unknown>(null);
  const [isDone, finish] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      for await (const picture of desk.session.explain(photo, report, controller.signal))
        if (!controller.signal.aborted) show((before) => [...before, picture]);
      finish(true);
    };
    run().catch((error) => controller.signal.aborted || complain(error));
    return () => controller.abort();
  }, [photo]);
  const sorted = [...pictures].sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id));
  const share = progressShare(progress);
  return (
    <>
      {!isDone && trouble === null && (
        <div class="explain-progress" role="status">
          <progress {...(share === null ? {} : { value: share, max: 1 })} aria-label={words.explain.working} />
          <p>{progress ? progressText(progress) : words.explain.working}</p>
        </div>
      )}
      {trouble !== null && (
        <p role="alert" class="trouble">
          {say(trouble).what} {say(trouble).todo}
        </p>
      )}
      <ol>
        {sorted.map((picture) => (
          <li key={picture.id}>
            <Figure picture={picture} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Figure({ picture }: { picture: Explained }) {
  const { title, text } = words.explain.pictures[picture.id];
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => draw(canvas.current!, picture), [picture]);
  return (
    <figure>
      <canvas role="img" aria-label={title} ref={canvas} />
      <figcaption>
        <h2>{title}</h2>
        <p>{text}</p>
      </figcaption>
    </figure>
  );
}

function draw(canvas: HTMLCanvasElement, { size: [height, width], rgb }: Explained): void {
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(width, height);
  for (let i = 0, j = 0; j < pixels.data.length; j += 4) {
    pixels.data[j] = rgb[i++]!;
    pixels.data[j + 1] = rgb[i++]!;
    pixels.data[j + 2] = rgb[i++]!;
    pixels.data[j + 3] = 255;
  }
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}
