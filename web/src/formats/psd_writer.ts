/**
 * Photoshop's files: RGB at 8 bits, layers with masks, run lengths, profile and resolution (Adobe, "Photoshop File Formats
 * Specification").
 *
 *     header · colour mode · resources · layers (records, then their channels) · merged picture
 */
import { FeathercutError } from "../errors.ts";
import { bigBytes, concat, latin1 } from "./bytes.ts";
import { eightBits } from "./content.ts";
import type { Layer, Layered } from "./layers.ts";
import { most, packBits } from "./packbits.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A channel: Photoshop's number for it, and where its samples are (`every` apart from `from` on); null is `value` all over. */
interface Plane {
  readonly id: number;
  readonly samples: Uint8Array | null;
  readonly from: number;
  readonly every: number;
  readonly value: number;
}

const LARGEST_SIDE = 30_000;
const [TRANSPARENCY, MASK, RUN_LENGTHS] = [-1, -2, 1];

export function writePsd(layered: Layered): Blob {
  const [height, width] = layered.size;
  if (Math.max(height, width) > LARGEST_SIDE) {
    throw new FeathercutError(
      "output",
      `A PSD has at most ${LARGEST_SIDE} pixels a side, and this picture is ${width}×${height}. Choose a smaller size`,
    );
  }
  const merged = mergedPlanes(layered);
  const header = concat([
    latin1("8BPS"),
    bigBytes([
      [1, 2],
      [0, 6],
      [merged.length, 2],
      [height, 4],
      [width, 4],
      [8, 2],
      [3, 2],
      [0, 4],
    ]),
  ]);
  const packed = merged.map((plane) => packed1(plane, layered.size));
  const picture = [
    bigBytes([[RUN_LENGTHS!, 2]]),
    ...packed.map(({ counts }) => counts),
    ...packed.flatMap(({ rows }) => rows),
  ];
  return new Blob([header, resources(layered), ...layerSection(layered), ...picture], {
    type: "image/vnd.adobe.photoshop",
  });
}

function resources({ metadata }: Layered): Bytes {
  const parts: Bytes[] = [];
  const add = (id: number, content: Uint8Array): void => {
    parts.push(
      latin1("8BIM"),
      bigBytes([
        [id, 2],
        [0, 2],
        [content.length, 4],
      ]),
      content as Bytes,
      new Uint8Array(content.length % 2),
    );
  };
  const [x, y] = (metadata.dpi ?? [72, 72]).map((side) => Math.round(side * 65536));
  // Pixels an inch; sizes are shown in inches.
  add(
    0x03ed,
    bigBytes([
      [x!, 4],
      [1, 2],
      [1, 2],
      [y!, 4],
      [1, 2],
      [1, 2],
    ]),
  );
  if (metadata.profile) add(0x040f, metadata.profile);
  const content = concat(parts);
  return concat([bigBytes([[content.length, 4]]), content]);
}

function layerSection({ layers, merged, size }: Layered): Bytes[] {
  const records: Bytes[] = [];
  const channels: Bytes[] = [];
  for (const layer of layers) {
    const packed = planesOf(layer).map((plane) => ({ id: plane.id, ...packed1(plane, size) }));
    records.push(
      record(
        layer,
        size,
        packed.map(({ id, counts, length }) => [id, 2 + counts.length + length] as const),
      ),
    );
    for (const { counts, rows } of packed) channels.push(bigBytes([[RUN_LENGTHS!, 2]]), counts, ...rows);
  }
  const sum = [...records, ...channels].reduce((total, part) => total + part.length, 2);
  const padding = sum % 2;
  if (sum > 0x7fff_ffff) throw new FeathercutError("output", "The PSD would have over 2 GB. Choose a smaller size");
  // Below zero: the first channel after the colours is the merged picture's transparency.
  const count = merged.alpha ? 65536 - layers.length : layers.length;
  const head = bigBytes([
    [sum + padding + 8, 4],
    [sum + padding, 4],
    [count, 2],
  ]);
  return [head, ...records, ...channels, new Uint8Array(padding + 4)];
}

function record(
  layer: Layer,
  [height, width]: readonly [number, number],
  channels: readonly (readonly [number, number])[],
): Bytes {
  const whole = bigBytes([
    [0, 8],
    [height, 4],
    [width, 4],
  ]);
  // Outside of its rectangle a mask hides; then its flags, and two bytes that fill.
  const mask = layer.mask ? concat([bigBytes([[20, 4]]), whole, new Uint8Array(4)]) : new Uint8Array(4);
  const name = concat([Uint8Array.of(layer.name.length), latin1(layer.name)]);
  const unicode = concat([
    bigBytes([[layer.name.length, 4]]),
    ...[...layer.name].map((letter) => bigBytes([[letter.charCodeAt(0), 2]])),
  ]);
  const unicodePadding = new Uint8Array(unicode.length % 4 ? 4 - (unicode.length % 4) : 0);
  const extra = concat([
    mask,
    new Uint8Array(4), // no blending ranges
    name,
    new Uint8Array((4 - (name.length % 4)) % 4),
    latin1("8BIMluni"),
    bigBytes([[unicode.length + unicodePadding.length, 4]]),
    unicode,
    unicodePadding,
  ]);
  return concat([
    whole,
    bigBytes([[channels.length, 2]]),
    ...channels.map(([id, length]) =>
      bigBytes([
        [id < 0 ? 65536 + id : id, 2],
        [length, 4],
      ]),
    ),
    latin1("8BIMnorm"),
    Uint8Array.of(255, 0, 0, 0), // opacity, clipping, flags, filler
    bigBytes([[extra.length, 4]]),
    extra,
  ]);
}

function planesOf({ rgb, alpha, mask }: Layer): Plane[] {
  const planes: Plane[] = [{ id: TRANSPARENCY!, samples: alpha, from: 0, every: 1, value: 255 }];
  for (let c = 0; c < 3; c++) planes.push({ id: c, samples: rgb, from: c, every: 3, value: 0 });
  if (mask) planes.push({ id: MASK!, samples: mask, from: 0, every: 1, value: 255 });
  return planes;
}

/** The merged picture's channels; where it is transparent its colours lie over white, as Photoshop has them. */
function mergedPlanes({ merged }: Layered): Plane[] {
  const alpha = merged.alpha && eightBits(merged.alpha);
  const rgb = alpha ? overWhite(eightBits(merged.rgb), alpha) : eightBits(merged.rgb);
  const planes: Plane[] = [0, 1, 2].map((c) => ({ id: c, samples: rgb, from: c, every: 3, value: 0 }));
  return alpha ? [...planes, { id: 3, samples: alpha, from: 0, every: 1, value: 255 }] : planes;
}

function overWhite(rgb: Uint8Array, alpha: Uint8Array): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let i = 0, c = 0; i < alpha.length; i++) {
    const [opacity, behind] = [alpha[i]! / 255, 255 - alpha[i]!];
    for (const end = c + 3; c < end; c++) out[c] = rgb[c]! * opacity + behind + 0.5;
  }
  return out;
}

/** A channel's rows, packed: their lengths, two bytes each, then themselves. */
function packed1(
  plane: Plane,
  [height, width]: readonly [number, number],
): { counts: Bytes; rows: Bytes[]; length: number } {
  const counts = new Uint8Array(2 * height);
  const rows: Bytes[] = [];
  const row = new Uint8Array(width).fill(plane.value);
  const block = Math.max(1, Math.floor((1 << 20) / most(width)));
  let length = 0;
  for (let top = 0; top < height; top += block) {
    const out = new Uint8Array(Math.min(block, height - top) * most(width));
    let to = 0;
    for (let y = top; y < Math.min(top + block, height); y++) {
      if (plane.samples) gather(plane, y * width, row);
      const end = packBits(row, out, to);
      counts[2 * y] = (end - to) >> 8;
      counts[2 * y + 1] = (end - to) & 255;
      to = end;
    }
    rows.push(out.slice(0, to));
    length += to;
  }
  return { counts, rows, length };
}

function gather({ samples, from, every }: Plane, first: number, row: Uint8Array): void {
  if (every === 1) row.set(samples!.subarray(first, first + row.length));
  else for (let x = 0, at = first * every + from; x < row.length; x++, at += every) row[x] = samples![at]!;
}
