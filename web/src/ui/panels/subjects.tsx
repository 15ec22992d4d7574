import { useEffect, useRef, useState } from "preact/hooks";
import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Subjects } from "../../kernels/subjects.ts";
import type { Photo } from "../../session.ts";
import { numbersOf } from "../../steps/choose.ts";
import { words } from "../../strings/words.ts";
import { usePage, watchedEditor } from "../context.ts";
import { Button } from "../controls/button.tsx";
import { Switch } from "../controls/choices.tsx";
import { useWatched } from "../desk/store.ts";

/** How bright the map shows what is no subject, what was dropped, and what is kept. */
const [NOTHING, DROPPED, KEPT] = [0.15, 0.4, 1];

/** A map of the photo's subjects: a click keeps or drops one; so do the switches below it. */
export function SubjectsPanel({ editor }: { editor: PaintableEditor }) {
  const page = usePage();
  const recipe = useWatched(watchedEditor(editor), (state) => state.recipe);
  const [found, setFound] = useState<Subjects | null>(null);
  const { predictions } = recipe;
  useEffect(() => {
    setFound(null);
    if (predictions.length === 0) return;
    const asked = new AbortController();
    editor.session.subjects(editor.photo, editor.state.recipe, asked.signal).then(setFound, (error: unknown) => {
      if (!asked.signal.aborted) page.complain(error);
    });
    return () => asked.abort();
  }, [editor, predictions]);
  if (!found) return <p class="quiet">{predictions.length ? words.subjects.looking : words.subjects.later}</p>;
  if (found.each.length < 2) return <p class="quiet">{found.each.length ? words.subjects.one : words.subjects.none}</p>;
  const numbers = found.each.map(({ number }) => number);
  const kept = numbersOf(recipe.subject) ?? new Set(numbers);
  const turn = (number: number): void => {
    const next = numbers.filter((one) => (one === number ? !kept.has(one) : kept.has(one)));
    if (next.length > 0) void editor.chooseSubjects(next.length === numbers.length ? "all" : next.join(","));
  };
  return (
    <>
      <SubjectMap photo={editor.photo} found={found} kept={kept} onTurn={turn} />
      <p class="quiet">{words.subjects.says}</p>
      {numbers.map((number) => (
        <Switch key={number} label={words.subjects.name(number)} isOn={kept.has(number)} onTurn={() => turn(number)} />
      ))}
      <Button
        label={words.subjects.all}
        icon="reset"
        kind="quiet"
        isDisabled={kept.size === numbers.length}
        onPress={() => void editor.chooseSubjects("all")}
      />
    </>
  );
}

interface MapProps {
  readonly photo: Photo;
  readonly found: Subjects;
  readonly kept: ReadonlySet<number>;
  readonly onTurn: (number: number) => void;
}

/** The photo in cells; the number of the subject below the pointer is shown on it. */
function SubjectMap({ photo, found, kept, onTurn }: MapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState(0);
  const [height, width] = found.cells;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(mapOf(photo, found, kept), width, height), 0, 0);
  }, [photo, found, kept, hovered]);
  const numberAt = (event: MouseEvent): number => {
    const box = canvas.current!.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * height);
    return found.each.find(({ mask }) => mask[y * width + x])?.number ?? 0;
  };
  const shown = found.each.find(({ number }) => number === hovered);
  return (
    <div class="subject-map">
      {/* The switches below say and do the same for the keyboard. */}
      <canvas
        ref={canvas}
        width={width}
        height={height}
        role="img"
        aria-label={words.subjects.map}
        onPointerMove={(event) => setHovered(numberAt(event))}
        onPointerLeave={() => setHovered(0)}
        onClick={(event) => {
          const number = numberAt(event);
          if (number) onTurn(number);
        }}
      />
      {shown && (
        <span
          aria-hidden="true"
          style={{
            left: `${(100 * shown.centre[0]) / photo.size[1]}%`,
            top: `${(100 * shown.centre[1]) / photo.size[0]}%`,
          }}
        >
          {shown.number}
        </span>
      )}
    </div>
  );
}

/** RGBA of the map: the photo's middle pixel of each cell, as bright as what it shows is kept. */
function mapOf(
  photo: Photo,
  { cells, cell, each }: Subjects,
  kept: ReadonlySet<number>,
): Uint8ClampedArray<ArrayBuffer> {
  const result = new Uint8ClampedArray(4 * cells[0] * cells[1]);
  const light = new Float32Array(cells[0] * cells[1]).fill(NOTHING);
  for (const { number, mask } of each) {
    mask.forEach((mark, at) => {
      if (mark) light[at] = kept.has(number) ? KEPT : DROPPED;
    });
  }
  for (let at = 0; at < light.length; at++) {
    const y = Math.min(Math.floor(at / cells[1]) * cell + (cell >> 1), photo.size[0] - 1);
    const x = Math.min((at % cells[1]) * cell + (cell >> 1), photo.size[1] - 1);
    const from = 3 * (y * photo.size[1] + x);
    for (let channel = 0; channel < 3; channel++) result[4 * at + channel] = photo.rgb[from + channel]! * light[at]!;
    result[4 * at + 3] = 255;
  }
  return result;
}
