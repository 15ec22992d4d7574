/** A photo → its mattes: at once from the small network, then from both. */
import { diagnose } from "../diagnose/diagnose.ts";
import { reduced } from "../diagnose/evidence.ts";
import type { KeptPrediction } from "../editor/recipe.ts";
import { isSmallDevice } from "../engines/machine.ts";
import { hasFew } from "../kernels/few.ts";
import { DEFAULTS } from "../options.ts";
import type { Image, Matte, Prediction, Through } from "../pictures.ts";
import { foundOf, meantOf } from "../pipeline.ts";
import type { Found, Progress, Quality } from "../session.ts";
import { differ, isSame } from "../steps/afar.ts";
import { isEmpty } from "../steps/select.ts";
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

/**
 * Tells each matte of a photo as soon as it is there; the last is final.
 *
 * Where the small network has the last word, its matte is told before glass is looked for and the prediction is packed for
 * the recipe, which take a tenth of a second each; the same matte with both follows at once.
 */
export async function cutOut(
  photo: Image,
  quality: Quality,
  networks: Networks,
  { hear, learn }: Listener,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const report = (progress: Progress): void => hear({ kind: "progress", progress });
  const drawn = (looked: readonly Looked[]): Matte => {
    report({ stage: "edges", what: looked[0]!.network.id, done: 0, total: 0, left_s: null });
    return foundOf(photo, predictionsOf(looked), DEFAULTS);
  };
  const show = async (looked: readonly Looked[], all: Matte, is_final: boolean): Promise<void> => {
    const small = is_final ? reduced(all) : null; // the matte itself is given away
    const matte = meantOf(photo, all, DEFAULTS);
    learn(matte.alpha, matte.through ?? null);
    const predictions = predictionsOf(looked);
    const kept = await Promise.all(predictions.map(keep));
    hear({ kind: "found", found: found(matte, looked, kept, is_final, began) });
    await turn(signal);
    if (small) hear({ kind: "diagnosed", diagnosed: { report: diagnose(photo, predictions, small) } });
  };
  const afar = async (final: Looked, first: Looked): Promise<readonly Looked[]> => {
    if (!hasFew(photo.size) || !differ(final.prediction, first.prediction)) return [];
    const again = await networks.afar(photo, report, signal);
    return isSame(first.prediction, again.prediction) ? [again] : [];
  };
  const looking = networks.first(photo, report, signal);
  looking.catch(() => {}); // waited for below, whatever is thrown before
  if (quality === "small") {
    const looked = [await looking];
    const all = drawn(looked);
    if (all.alpha.length <= MOST_COPIED) {
      hear({ kind: "found", found: found({ ...all, alpha: all.alpha.slice() }, looked, [], false, began) });
      learn(all.alpha, null);
      await turn(signal);
    }
    await show(looked, all, true);
    hear({ kind: "machine", machine: networks.early(), measured: null });
    return;
  }
  // While one worker runs a network, this one makes what the next is given, and then the matte of what it answered.
  const machine = await networks.known();
  const ahead = machine && (await networks.givenFinal(photo, machine, signal));
  const first = await looking;
  const early = ahead && !isSmallDevice() ? networks.final(photo, ahead, report, signal) : null;
  early?.catch(() => {});
  await show([first], drawn([first]), false);
  const chosen = await networks.machine(photo, signal);
  hear({ kind: "machine", ...chosen });
  const given = ahead ?? (await networks.givenFinal(photo, chosen.machine, signal));
  const final = await (early ?? (given && networks.final(photo, given, report, signal)));
  const looked = final ? [final, first, ...(await afar(final, first))] : [first];
  await show(looked, drawn(looked), true);
  const now = await networks.machine(photo, signal);
  if (now !== chosen) hear({ kind: "machine", ...now });
}

/** Lets messages in, so that an abort is heard between two steps that take long. */
export async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}

/** `predictions` are as a recipe has them. */
function found(
  matte: Matte,
  looked: readonly Looked[],
  predictions: readonly KeptPrediction[],
  is_final: boolean,
  began: number,
): Found {
  const { presence, specks, edges } = DEFAULTS;
  return {
    alpha: matte.alpha,
    is_final,
    is_empty: isEmpty(matte),
    recipe: { predictions, presence, specks, edges },
    models: [...new Set(looked.map(({ network }) => `${network.id} ${network.precision} ${network.provider}`))],
    seconds: (performance.now() - began) / 1000,
  };
}

function predictionsOf(looked: readonly Looked[]): readonly Prediction[] {
  return looked.map((one) => one.prediction);
}
