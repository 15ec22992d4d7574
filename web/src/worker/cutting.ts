/** A photo → its mattes: at once from the small network, then from both. */
import { diagnose } from "../diagnose/diagnose.ts";
import { reduced } from "../diagnose/evidence.ts";
import { isSmallDevice } from "../engines/machine.ts";
import { DEFAULTS } from "../options.ts";
import type { Image, Matte, Prediction } from "../pictures.ts";
import { foundOf, meantOf } from "../pipeline.ts";
import type { Found, Progress, Quality } from "../session.ts";
import { isEmpty } from "../steps/select.ts";
import type { Event } from "./calls.ts";
import { keep } from "./kept.ts";
import type { Looked, Networks } from "./networks.ts";

type Hear = (event: Event) => void;

/** Tells each matte of a photo as soon as it is there; the last is final. */
export async function cutOut(
  photo: Image,
  quality: Quality,
  networks: Networks,
  hear: Hear,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const report = (progress: Progress): void => hear({ kind: "progress", progress });
  const tell = async (looked: readonly Looked[], is_final: boolean): Promise<void> => {
    report({ stage: "edges", what: looked[0]!.network.id, done: 0, total: 0, left_s: null });
    const predictions = looked.map((one) => one.prediction);
    const all = foundOf(photo, predictions, DEFAULTS);
    const small = reduced(all); // the matte itself is given away
    const matte = meantOf(photo, all, DEFAULTS);
    const through = matte.through ?? null;
    hear({ kind: "found", found: await found(matte, looked, is_final, began), through });
    await turn(signal);
    if (is_final) hear({ kind: "diagnosed", diagnosed: { report: diagnose(photo, predictions, small) } });
  };
  const looking = networks.first(photo, report, signal);
  looking.catch(() => {}); // waited for below, whatever is thrown before
  if (quality === "small") {
    await tell([await looking], true);
    hear({ kind: "machine", machine: networks.early(), measured: null });
    return;
  }
  // While one worker runs a network, this one makes what the next is given, and then the matte of what it answered.
  const machine = await networks.known();
  const ahead = machine && (await networks.givenFinal(photo, machine, signal));
  const first = await looking;
  const early = ahead && !isSmallDevice() ? networks.final(photo, ahead, report, signal) : null;
  early?.catch(() => {});
  await tell([first], false);
  const chosen = await networks.machine(photo, signal);
  hear({ kind: "machine", ...chosen });
  const given = ahead ?? (await networks.givenFinal(photo, chosen.machine, signal));
  const final = await (early ?? (given && networks.final(photo, given, report, signal)));
  await tell(final ? [final, first] : [first], true);
  const now = await networks.machine(photo, signal);
  if (now !== chosen) hear({ kind: "machine", ...now });
}

/** Lets messages in, so that an abort is heard between two steps that take long. */
export async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}

async function found(matte: Matte, looked: readonly Looked[], is_final: boolean, began: number): Promise<Found> {
  const predictions: readonly Prediction[] = looked.map((one) => one.prediction);
  const { presence, specks, edges } = DEFAULTS;
  return {
    alpha: matte.alpha,
    is_final,
    is_empty: isEmpty(matte),
    // Keeping costs a tenth of a second: a first look is replaced before anyone could save it.
    recipe: { predictions: is_final ? await Promise.all(predictions.map(keep)) : [], presence, specks, edges },
    models: looked.map(({ network }) => `${network.id} ${network.precision} ${network.provider}`),
    seconds: (performance.now() - began) / 1000,
  };
}
