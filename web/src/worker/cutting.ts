/** A photo → its mattes: at once from the small network, then from both. */
import { DEFAULTS } from "../options.ts";
import type { Image, Prediction } from "../pictures.ts";
import { matteOf } from "../pipeline.ts";
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
    hear({ kind: "found", found: await found(photo, looked, is_final, began) });
    await turn(signal);
  };
  const first = await networks.first(photo, report, signal);
  if (quality === "small") {
    await tell([first], true);
    hear({ kind: "machine", machine: networks.early(), measured: null });
    return;
  }
  await tell([first], false);
  const { machine, measured } = await networks.machine(photo, signal);
  hear({ kind: "machine", machine, measured });
  const final = await networks.final(photo, machine, report, signal);
  await tell(final ? [final, first] : [first], true);
}

/** Lets messages in, so that an abort is heard between two steps that take long. */
export async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}

async function found(photo: Image, looked: readonly Looked[], is_final: boolean, began: number): Promise<Found> {
  const predictions: readonly Prediction[] = looked.map((one) => one.prediction);
  const { presence, specks, edges } = DEFAULTS;
  const matte = matteOf(photo, predictions, DEFAULTS);
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
