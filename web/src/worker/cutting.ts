/** A photo → its mattes: at once from the small network, then from both. */
import { diagnose } from "../diagnose/diagnose.ts";
import { reduced } from "../diagnose/evidence.ts";
import type { KeptPrediction } from "../editor/recipe.ts";
import { type Chosen, isSmallDevice } from "../engines/machine.ts";
import { hasFew } from "../kernels/few.ts";
import { DEFAULTS } from "../options.ts";
import type { Image, Matte, Prediction, Through } from "../pictures.ts";
import { foundOf, meantOf } from "../pipeline.ts";
import type { Found, Progress, Quality, Sketch } from "../session.ts";
import { differ, isSame } from "../steps/afar.ts";
import { shown } from "../steps/refine.ts";
import { isEmpty, select } from "../steps/select.ts";
import type { Event } from "./calls.ts";
import { keep } from "./kept.ts";
import type { Looked, Networks } from "./networks.ts";

/** Pixels of the largest matte that is told twice: of 12 megapixels the copy is 48 MB, and nobody sees the difference. */
const MOST_COPIED = 4e6;

/** Who listens. */
export interface Listener {
  /** Is told what happens; the buffers of what was found are handed over. */
  hear(event: Event): void;
  /** Notes the matte that was found last, and what it lets through. */
  learn(alpha: Float32Array, through: Through | null): void;
}

/** Tells what is to be said of the final matte: a third of a second that nobody waits for. */
export type Diagnose = () => Promise<void>;

/**
 * Tells each matte of a photo as soon as it is there; the last is final, and its diagnosis is left to the caller. Before
 * the first, whose edges take a third of a second to follow the photo's, it tells what the small network drew.
 *
 * What takes some tenths of a second comes after each: what glass lets through, where there is any, as another matte, and
 * the predictions packed for the recipe. The large network is fetched while the first matte is made, and runs once that is
 * on its way to the screen; where memory is short, the photo large, or a GPU still to be measured, once all of it was told.
 */
export async function cutOut(
  photo: Image,
  quality: Quality,
  networks: Networks,
  { hear, learn }: Listener,
  signal: AbortSignal,
): Promise<Diagnose> {
  const began = performance.now();
  const report = (progress: Progress): void => hear({ kind: "progress", progress });
  const isToldAtOnce = photo.size[0] * photo.size[1] <= MOST_COPIED;
  const kept = new Map<Prediction, Promise<KeptPrediction>>();
  const packed = (prediction: Prediction): Promise<KeptPrediction> => {
    if (!kept.has(prediction)) kept.set(prediction, keep(prediction)); // the small network's is wanted twice
    return kept.get(prediction)!;
  };
  const show = (looked: readonly Looked[], is_final: boolean): (() => Promise<Diagnose>) => {
    report({ stage: "edges", what: looked[0]!.network.id, done: 0, total: 0, left_s: null });
    const tell = (matte: Matte): void => hear({ kind: "found", found: found(matte, looked, is_final, began) });
    const predictions = looked.map((one) => one.prediction);
    const all = foundOf(photo, predictions, DEFAULTS);
    if (isToldAtOnce) tell({ ...all, alpha: all.alpha.slice() });
    const small = is_final ? reduced(all) : null; // the matte itself may be given away
    return async () => {
      const matte = meantOf(photo, all, DEFAULTS);
      learn(matte.alpha, matte.through ?? null);
      if (!isToldAtOnce || matte.through) tell(matte);
      hear({ kind: "packed", packed: { predictions: await Promise.all(predictions.map(packed)) } });
      return async () => {
        await turn(signal);
        if (small) hear({ kind: "diagnosed", diagnosed: { report: diagnose(photo, predictions, small) } });
      };
    };
  };
  const afar = async (final: Looked, first: Looked): Promise<readonly Looked[]> => {
    if (!hasFew(photo.size) || !differ(final.prediction, first.prediction)) return [];
    const again = await networks.afar(photo, report, signal);
    return isSame(first.prediction, again.prediction) ? [again] : [];
  };
  const looking = networks.first(photo, report, signal).then((looked) => {
    const sketch = sketched(looked.prediction, began);
    if (sketch) hear({ kind: "sketched", sketch });
    return looked;
  });
  if (quality === "small") {
    const last = await show([await looking], true)();
    hear({ kind: "machine", machine: networks.early(), measured: null });
    return last;
  }
  looking.catch(() => {}); // waited for below, whatever is thrown before
  const known = isSmallDevice() ? null : await networks.known();
  const first = await looking;
  const ask = async (): Promise<{ chosen: Chosen; answering: Promise<Looked> | null }> => {
    const chosen = await networks.machine(photo, signal);
    hear({ kind: "machine", ...chosen });
    const given = await networks.givenFinal(photo, chosen.machine, signal);
    const answering = given && networks.final(photo, given, report, signal);
    answering?.catch(() => {}); // waited for below, whatever is thrown before
    return { chosen, answering };
  };
  if (known) await networks.fetchFinal(known, report, signal);
  const settle = show([first], false);
  const isSettledFirst = !known || !isToldAtOnce;
  if (isSettledFirst) await settle();
  // Else while the large network runs, and all the same where it could not be asked: the first cutout stays, whole.
  const { chosen, answering } = await ask().finally(() => (isSettledFirst ? undefined : settle()));
  const final = await answering;
  const last = await show(final ? [final, first, ...(await afar(final, first))] : [first], true)();
  const now = await networks.machine(photo, signal);
  if (now !== chosen) hear({ kind: "machine", ...now });
  return last;
}

/** Lets messages in, so that an abort is heard between two steps that take long. */
export async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}

/** Null where there is no subject. */
function sketched(prediction: Prediction, began: number): Sketch | null {
  const drawn = select(shown(prediction), DEFAULTS);
  if (isEmpty(drawn)) return null;
  return { opacity: drawn.alpha, size: drawn.size, seconds: (performance.now() - began) / 1000 };
}

function found(matte: Matte, looked: readonly Looked[], is_final: boolean, began: number): Found {
  const { presence, specks, edges } = DEFAULTS;
  return {
    alpha: matte.alpha,
    is_final,
    is_empty: isEmpty(matte),
    recipe: { predictions: [], presence, specks, edges },
    models: [...new Set(looked.map(({ network }) => `${network.id} ${network.precision} ${network.provider}`))],
    seconds: (performance.now() - began) / 1000,
  };
}
