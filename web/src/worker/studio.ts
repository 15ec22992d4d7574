/** The studio: photos are unpacked, cut out, mended and packed here, away from the page. */
import { diagnose } from "../diagnose/diagnose.ts";
import type { Recipe } from "../editor/recipe.ts";
import { EngineClient, type Spawn } from "../engines/client.ts";
import { isSmallDevice } from "../engines/machine.ts";
import { FeathercutError } from "../errors.ts";
import { eightBits } from "../formats/content.ts";
import { rowsOf } from "../kernels/rows.ts";
import { smartAlpha } from "../kernels/smart.ts";
import { findSubjects } from "../kernels/subjects.ts";
import { hashOf } from "../models/sha256.ts";
import { openStore } from "../models/store.ts";
import { Weights } from "../models/weights.ts";
import type { Matte } from "../pictures.ts";
import { matteOf } from "../pipeline.ts";
import type { Photo } from "../session.ts";
import { decode } from "../steps/decode.ts";
import { optionsOf } from "../steps/recipe_options.ts";
import { select } from "../steps/select.ts";
import { answer, type Handlers } from "./bridge.ts";
import type { Event, Setup, StudioCalls } from "./calls.ts";
import { cutOut, type Diagnose, type Listener } from "./cutting.ts";
import { explain } from "./explaining.ts";
import { exported } from "./exporting.ts";
import { Haste } from "./haste.ts";
import { revive } from "./kept.ts";
import { Networks } from "./networks.ts";
import { Photos } from "./photos.ts";
import { shownColours, shownShadow } from "./shown.ts";
import { Turns } from "./turns.ts";

const [ROOM_PIXELS, ROOM_PIXELS_SMALL] = [60e6, 13e6];

/** What answers the page. `spawn` starts a worker for the networks. */
export function studio(spawn: Spawn): Handlers<StudioCalls> {
  const photos = new Photos(isSmallDevice() ? ROOM_PIXELS_SMALL : ROOM_PIXELS);
  const client = new EngineClient(spawn);
  const store = openStore();
  const turns = new Turns();
  const haste = new Haste();
  const weights = new Map<string, Weights>();
  let networks: Networks | null = null;

  function configure({ base, settings, measured }: Setup): void {
    const known = weights.get(base) ?? new Weights(base, store);
    weights.set(base, known);
    networks = new Networks(client, known, base, settings, measured);
    networks.ahead();
  }

  function ready(): Networks {
    if (networks) return networks;
    throw new FeathercutError("option", "The studio was not told where the networks lie");
  }

  return {
    configure: async (setup) => {
      configure(setup);
      return answer(undefined);
    },
    cost: async (quality) => answer(await ready().cost(quality)),
    adopt: async ({ id, file, name }) => {
      photos.adopt(id, file, name);
      return answer(undefined);
    },
    close: async (id) => {
      photos.close(id);
      return answer(undefined);
    },

    open: ({ id, file, name }, { signal }) =>
      haste.hurried(async () => {
        ready().prepare();
        const bytes = new Uint8Array(await file.arrayBuffer());
        const hashed = hashOf(bytes);
        const { image, notes } = await decode(bytes, name);
        signal.throwIfAborted();
        photos.adopt(id, file, name, image);
        const rgb = shownColours(image);
        const alpha = image.alpha && Uint8Array.from(eightBits(image.alpha));
        const { size, metadata } = image;
        const photo: Photo = { id, name, sha256: await hashed, size, rgb, alpha, metadata, notes };
        return answer(photo, alpha ? [rgb.buffer, alpha.buffer] : [rgb.buffer]);
      }),

    async cutOut({ id, quality }, { tell, signal }) {
      const networks = ready();
      const work = async (): Promise<Diagnose> => {
        const hurry = haste.begin();
        try {
          const photo = await photos.image(id);
          const listener: Listener = {
            hear: (event) => {
              if (event.kind === "progress") hurry.end(); // a network is at work, and there is time
              // Handed over, not copied: of 12 megapixels it is 48 MB.
              tell(event, event.kind === "found" ? [event.found.alpha.buffer] : []);
            },
            learn: (alpha, through) => photos.learn(id, photo, alpha, { through }),
          };
          return await cutOut(photo, quality, networks, listener, signal);
        } finally {
          hurry.end();
        }
      };
      const last = await turns.take(signal, work);
      await haste.over();
      await last();
      const why = await networks.passing(quality);
      if (why) tell({ kind: "passing", why });
      return answer(undefined);
    },

    async explain(id, { tell, signal }) {
      const hear = (event: Event): void => tell(event, event.kind === "explained" ? [event.explained.rgb.buffer] : []);
      await turns.take(signal, async () => explain(await photos.image(id), ready(), hear, signal));
      return answer(undefined);
    },

    async base({ id, recipe }) {
      const { alpha, ...known } = await base(id, recipe);
      photos.learn(id, await photos.image(id), alpha, known);
      return answer(alpha, [alpha.buffer]);
    },

    async subjects({ id, recipe }) {
      const { alpha } = await base(id, { ...recipe, subject: "all", transparency: "off" });
      const { rgb, size } = await photos.image(id);
      return answer(findSubjects(alpha, size, rowsOf(rgb, size, 3)));
    },

    async judged({ id, recipe }) {
      const photo = await photos.image(id);
      const options = optionsOf(recipe);
      return answer(diagnose(photo, [], select(await photos.drawn(id, photo, options), options)));
    },

    async smart({ id, recipe, act, box, alpha }) {
      const stroke = recipe.acts[act];
      if (stroke?.kind !== "stroke") throw new FeathercutError("recipe", `Act ${act} of the recipe is no stroke`);
      const result = smartAlpha(await photos.image(id), box, alpha, stroke);
      return answer(result, [result.buffer]);
    },

    async colours({ id, box, alpha, decontaminate }) {
      const rgb = await photos.colours(id, box, alpha, decontaminate);
      return answer(rgb, [rgb.buffer]);
    },

    async shadow({ id, alpha, size }) {
      const layer = shownShadow(await photos.image(id), alpha, size);
      return answer(layer, [layer.buffer]);
    },

    async finish({ id, recipe, alpha, format, quality }, { signal }) {
      const known = photos.knownOf(id) ?? (await base(id, recipe));
      const matte = { ...known, size: (await photos.image(id)).size, alpha };
      return answer(await exported(await photos.image(id), photos.nameOf(id), recipe, matte, format, quality, signal));
    },
  };

  async function base(id: number, recipe: Recipe): Promise<Matte & { alpha: Float32Array<ArrayBuffer> }> {
    const photo = await photos.image(id);
    const options = optionsOf(recipe);
    const predictions = await Promise.all(recipe.predictions.map(revive));
    // A matte that came from nowhere: everything is the subject until it is erased.
    if (predictions.length === 0 && options.method === "network")
      return { size: photo.size, alpha: new Float32Array(photo.size[0] * photo.size[1]).fill(1) };
    const drawn = options.method === "network" ? null : await photos.drawn(id, photo, options);
    const matte = matteOf(photo, predictions, options, drawn);
    return { ...matte, alpha: matte.alpha as Float32Array<ArrayBuffer> };
  }
}
