/** AVIF by libavif and libaom; profile and EXIF are put into its container here. */
import { FeathercutError } from "../errors.ts";
import { big, bigBytes, concat, latin1 } from "./bytes.ts";
import { rgbaOf, type Still } from "./content.ts";
import { withResolution } from "./exif.ts";
import { type Boxes, boxes, itemContent, metaOf } from "./iso_boxes.ts";
import { codec, type Source } from "./wasm.ts";

interface AvifEncoder {
  encode(rgba: Uint8Array, width: number, height: number, options: typeof OPTIONS): Uint8Array | null;
}

const ENCODER: Source<AvifEncoder> = {
  name: "AVIF files that are written",
  script: () => import("@jsquash/avif/codec/enc/avif_enc.js") as never,
  url: () => import("@jsquash/avif/codec/enc/avif_enc.wasm?url"),
};
const FULL_COLOUR = 3; // 4:4:4
const OPTIONS = {
  quality: 90,
  qualityAlpha: -1,
  denoiseLevel: 0,
  tileColsLog2: 0,
  tileRowsLog2: 0,
  speed: 6,
  subsample: FULL_COLOUR,
  chromaDeltaQ: false,
  sharpness: 0,
  tune: 0,
  enableSharpYUV: false,
  bitDepth: 8,
};
const LARGE = 2_000_000; // pixels above which the quicker way is taken: one thread needs minutes otherwise
const [COLOUR, ALPHA, EXIF] = [1, 2, 3];

export async function writeAvif(still: Still, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  const [height, width] = still.size;
  const encoder = await codec(ENCODER);
  const speed = width * height > LARGE ? 9 : 6;
  const packed = encoder.encode(rgbaOf(still), width, height, { ...OPTIONS, quality, speed });
  if (!packed) {
    throw new FeathercutError(
      "output",
      `The AVIF of ${width}×${height} pixels could not be written: too little memory. Write WebP or PNG`,
    );
  }
  return withAbout(packed.slice(), still.profile, withResolution(still.exif, still.dpi));
}

/** The file anew, its pixels untouched, with a profile and an EXIF block. */
function withAbout(
  packed: Uint8Array<ArrayBuffer>,
  profile: Uint8Array | null,
  exif: Uint8Array | null,
): Uint8Array<ArrayBuffer> {
  if (!profile && !exif) return packed;
  const meta = metaOf(packed);
  const items = [COLOUR, ALPHA].map((item) => itemContent(packed, meta, item));
  const contents = [...items, exif && concat([new Uint8Array(4), exif])];
  const present = contents.flatMap((content, i) => (content ? [{ item: i + 1, content }] : []));
  const ftyp = box("ftyp", new Map(boxes(packed)).get("ftyp")!);
  const make = (start: number): Uint8Array<ArrayBuffer> => metaBox(meta, present, start, profile);
  // Offsets have four bytes each, whatever they say: the first try tells how long the second one is.
  const start = ftyp.length + make(0).length + 8;
  return concat([ftyp, make(start), box("mdat", ...present.map(({ content }) => content))]);
}

type Items = readonly { readonly item: number; readonly content: Uint8Array }[];

function metaBox(meta: Boxes, items: Items, start: number, profile: Uint8Array | null): Uint8Array<ArrayBuffer> {
  const has = (item: number): boolean => items.some((other) => other.item === item);
  const infe = (item: number, kind: string): Uint8Array =>
    box(
      "infe",
      bigBytes([
        [0x02000000, 4],
        [item, 2],
        [0, 2],
      ]),
      latin1(`${kind}\0`),
    );
  const links = [has(ALPHA) && link("auxl", ALPHA), has(EXIF) && link("cdsc", EXIF)].filter((part) => part !== false);
  return box(
    "meta",
    new Uint8Array(4),
    box("hdlr", meta.get("hdlr")!),
    box(
      "pitm",
      bigBytes([
        [0, 4],
        [COLOUR, 2],
      ]),
    ),
    box("iloc", locations(items, start)),
    box(
      "iinf",
      bigBytes([
        [0, 4],
        [items.length, 2],
      ]),
      ...items.map(({ item }) => infe(item, item === EXIF ? "Exif" : "av01")),
    ),
    ...(links.length ? [box("iref", new Uint8Array(4), ...links)] : []),
    propertiesBox(meta, profile),
  );
}

function link(kind: string, from: number): Uint8Array {
  return box(
    kind,
    bigBytes([
      [from, 2],
      [1, 2],
      [COLOUR, 2],
    ]),
  );
}

function locations(items: Items, start: number): Uint8Array {
  let at = start;
  const rows = items.map(({ item, content }) => {
    const row = bigBytes([
      [item, 2],
      [0, 2],
      [1, 2],
      [at, 4],
      [content.length, 4],
    ]);
    at += content.length;
    return row;
  });
  return concat([
    bigBytes([
      [0, 4],
      [0x4400, 2],
      [items.length, 2],
    ]),
    ...rows,
  ]);
}

/** The encoder's properties, and one more for the colour picture: its profile. */
function propertiesBox(meta: Boxes, profile: Uint8Array | null): Uint8Array {
  const parts = new Map(boxes(meta.get("iprp")!));
  const ipma = parts.get("ipma")!.slice();
  const every = [...boxes(parts.get("ipco")!)].map(([name, content]) => box(name, content));
  if (!profile) return box("iprp", box("ipco", ...every), box("ipma", ipma));
  every.push(box("colr", latin1("prof"), profile));
  // version and flags (4), count (4), then the colour picture: item (2), count (1), one byte for each property.
  const own = ipma[10]!;
  if (big(ipma, 8, 2) !== COLOUR || ipma[0] || ipma[3]) throw new Error("an unexpected order of items");
  ipma[10] = own + 1;
  const linked = concat([ipma.subarray(0, 11 + own), Uint8Array.of(every.length), ipma.subarray(11 + own)]);
  return box("iprp", box("ipco", ...every), box("ipma", linked));
}

function box(name: string, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = content.reduce((sum, part) => sum + part.length, 8);
  return concat([bigBytes([[length, 4]]), latin1(name), ...content]);
}
