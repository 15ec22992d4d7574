import { useEffect, useRef, useState } from "preact/hooks";
import type { PaintableEditor } from "../../editor/paintable.ts";
import type { Finding, Place, Report } from "../../report.ts";
import { words } from "../../strings/words.ts";
import { usePage, watchedEditor } from "../context.ts";
import { Button, IconButton } from "../controls/button.tsx";
import { Icon } from "../controls/icon.tsx";
import type { Item } from "../desk/item.ts";
import { useWatched } from "../desk/store.ts";
import type { PanelName } from "../panels/panels.tsx";
import { type Remedy, remedyOf } from "./remedies.ts";
import { VERDICT_ICONS } from "./verdict_icons.ts";

interface HintsProps {
  readonly editor: PaintableEditor;
  /** Shows a place over the picture. */
  readonly onMark: (place: Place | null) => void;
  readonly onShow: (panel: PanelName) => void;
}

/** The verdict under the picture; what it is made of opens over it. */
export function Hints(props: HintsProps) {
  const { desk } = usePage();
  const item = useWatched(desk.state, (state) => state.items.find(({ key }) => key === state.selected) ?? null);
  const [isOpen, open] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const report = useReport(item, props.editor);
  useEffect(() => {
    open(false);
    props.onMark(null);
  }, [report]);
  if (!item || !report) return null;
  const { verdict, findings } = report;
  const close = (): void => {
    open(false);
    props.onMark(null);
  };
  return (
    <>
      <p class="unseen" role="status">
        {words.hints.verdict_says[verdict]}
      </p>
      <button
        ref={opener}
        type="button"
        class="verdict"
        data-verdict={verdict}
        aria-expanded={isOpen}
        onClick={() => (isOpen ? close() : open(true))}
      >
        <Icon name={VERDICT_ICONS[verdict]} />
        <span>{words.hints.verdicts[verdict]}</span>
        {findings.length > 0 && <span class="quiet">{words.hints.count(findings.length)}</span>}
      </button>
      {isOpen && (
        <Card
          {...props}
          item={item}
          report={report}
          onClose={(isBack) => {
            close();
            if (isBack) opener.current?.focus();
          }}
        />
      )}
    </>
  );
}

/** What is said of the matte that is shown: of the networks' it is known already, of another method's it is asked for. */
function useReport(item: Item | null, editor: PaintableEditor): Report | null {
  const { desk } = usePage();
  const recipe = useWatched(watchedEditor(editor), (state) => state.recipe);
  const [drawn, tell] = useState<Report | null>(null);
  useEffect(() => {
    tell(null);
    if (recipe.method === "network") return;
    const asked = new AbortController();
    // Where nothing can be said, nothing is.
    desk.session.judged(editor.photo, recipe, asked.signal).then(
      (report) => asked.signal.aborted || tell(report),
      () => {},
    );
    return () => asked.abort();
  }, [editor, recipe.method, recipe.screen, recipe.despill]);
  return recipe.method === "network" ? (item?.report ?? null) : drawn;
}

interface CardProps extends HintsProps {
  readonly item: Item;
  readonly report: Report;
  /** `isBack`: whoever works by keys goes back to what opened it. */
  readonly onClose: (isBack: boolean) => void;
}

function Card({ editor, item, report, onMark, onShow, onClose }: CardProps) {
  const { desk } = usePage();
  const [kept, keep] = useState<Finding | null>(null);
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.focus(), []);
  const isCoarse = report.verdict !== "fine" && (item.found?.models.length ?? 2) < 2;
  return (
    <aside
      ref={card}
      class="hints"
      tabIndex={-1}
      aria-label={words.hints.label}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose(true);
      }}
    >
      <header>
        <strong>{words.hints.verdict_says[report.verdict]}</strong>
        <IconButton label={words.hints.close} icon="close" onPress={() => onClose(true)} />
      </header>
      <p class="quiet">{words.hints.confidence(Math.round(100 * report.confidence))}</p>
      {isCoarse && <Button label={words.hints.finer} icon="retry" onPress={() => void desk.offerFiner()} />}
      {report.method && <Other method={report.method} editor={editor} onDone={() => onClose(true)} />}
      <ul onPointerLeave={() => onMark(kept?.place ?? null)}>
        {report.findings.map((finding) => (
          <Hint
            key={finding.kind}
            finding={finding}
            isKept={finding === kept}
            remedy={remedyOf(finding.kind, editor, (panel) => {
              onClose(false);
              onShow(panel);
            })}
            onPoint={() => onMark(finding.place)}
            onLeave={() => onMark(kept?.place ?? null)}
            onKeep={() => {
              const next = finding === kept ? null : finding;
              keep(next);
              onMark(next?.place ?? null);
            }}
          />
        ))}
      </ul>
    </aside>
  );
}

interface OtherProps {
  readonly method: NonNullable<Report["method"]>;
  readonly editor: PaintableEditor;
  readonly onDone: () => void;
}

/** A method without a network that this photo is one for. */
function Other({ method, editor, onDone }: OtherProps) {
  const page = usePage();
  if (useWatched(watchedEditor(editor), (state) => state.recipe.method) !== "network") return null;
  return (
    <>
      <p>{words.hints.method_says[method]}</p>
      <Button
        label={words.hints.methods[method]}
        icon="retry"
        onPress={() => editor.drawBy({ method }).then(onDone, (error: unknown) => page.complain(error))}
      />
    </>
  );
}

interface HintProps {
  readonly finding: Finding;
  readonly isKept: boolean;
  readonly remedy: Remedy | null;
  readonly onPoint: () => void;
  readonly onLeave: () => void;
  readonly onKeep: () => void;
}

/** One finding: its place shows while it is pointed at or has the focus, and stays once it is pressed. */
function Hint({ finding: { kind, severity, place }, isKept, remedy, onPoint, onLeave, onKeep }: HintProps) {
  return (
    <li data-severity={severity} onPointerEnter={onPoint}>
      {place ? (
        <button type="button" class="hint" aria-pressed={isKept} onFocus={onPoint} onBlur={onLeave} onClick={onKeep}>
          {words.hints.says[kind]}
        </button>
      ) : (
        <p class="hint">{words.hints.says[kind]}</p>
      )}
      <p class="quiet">{words.hints.todo[kind]}</p>
      {remedy && <Button label={remedy.label} icon={remedy.icon} kind="quiet" onPress={remedy.perform} />}
    </li>
  );
}
