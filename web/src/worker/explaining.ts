/** How it works, on the person's own photo: what a network is given, what it answers at each depth, what is made of it. */

import { FIRST } from "../models/manifest.ts";
import { DEFAULTS } from "../options.ts";
import type { Image, Size } from "../pictures.ts";
import type { Explained, Progress } from "../session.ts";
import { foreground } from "../steps/foreground.ts";
import { refine } from "../steps/refine.ts";
import { select } from "../steps/select.ts";
import type { Event } from "./calls.ts";
import { turn } from "./cutting.ts";
import type { Networks } from "./networks.ts";
import { shownCanvas, shownColours, shownMatte } from "./shown.ts";

const DEPTHS = ["depth-1", "depth-2", "depth-3", "depth-4", "depth-5", "depth-6"] as const;

/** Tells one picture after another. The small network explains: it answers at every depth, and is there at once. */
export async function explain(
  photo: Image,
  networks: Networks,
  hear: (event: Event) => void,
  signal: AbortSignal,
): Promise<void> {
  const report = (progress: Progress): void => hear({ kind: "progress", progress });
  const show = async (id: Explained["id"], size: Size, rgb: Uint8Array): Promise<void> => {
    hear({ kind: "explained", explained: { id, size, rgb } });
    await turn(signal);
  };
  const { network, canvas, prediction, outputs } = await networks.deep(FIRST, photo, report, signal);
  await show("input", network.input.size, shownCanvas(canvas));
  for (const [i, output] of outputs.slice(1, 1 + DEPTHS.length).entries()) {
    const size: Size = [output.dims.at(-2)!, output.dims.at(-1)!];
    await show(DEPTHS[i]!, size, shownMatte(output.data));
  }
  const drawn = refine(photo, [prediction], { ...DEFAULTS, edges: "network" });
  await show("matte", photo.size, shownMatte(drawn.alpha));
  const matte = select(refine(photo, [prediction], { ...DEFAULTS, edges: "photo" }), DEFAULTS);
  await show("edges", photo.size, shownMatte(matte.alpha));
  const { rgb, metadata, size } = foreground(photo, matte, DEFAULTS);
  await show("colours", size, shownColours({ size, rgb, alpha: null, metadata }));
}
