import { useEffect, useRef, useState } from "preact/hooks";
import type { Photo, Sketch } from "../../session.ts";
import { words } from "../../strings/words.ts";
import { PreviewPicture } from "./preview_picture.ts";

interface Given {
  readonly photo: Photo;
  readonly sketch: Sketch | null;
  readonly isWorking: boolean;
}

/** The photo before its first matte: whole, and cut out roughly as soon as a network has drawn it. */
export function Preview({ photo, sketch, isWorking }: Given) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useRef<PreviewPicture | null>(null);
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    picture.current = new PreviewPicture(canvas.current!, photo, stop.signal);
    return () => stop.abort();
  }, [photo]);
  useEffect(() => {
    void picture.current!.show(sketch).then((isShown) => isShown && setCut(sketch !== null));
  }, [photo, sketch]);
  const [height, width] = photo.size;
  return (
    <div class="preview" data-working={isWorking} data-cut={isCut}>
      <canvas
        ref={canvas}
        style={{ "--across": width / height }}
        role="img"
        aria-label={(isCut ? words.stage.sketch : words.stage.preview)(photo.name)}
      />
    </div>
  );
}
