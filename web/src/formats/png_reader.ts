/** PNG of every depth and colour; 16 bits stay 16 bits. Of an animation the first frame is read. */
import type { Samples } from "../pictures.ts";
import { big } from "./bytes.ts";
import { broken, cutShort } from "./damage.ts";
import type { Dpi } from "./exif.ts";
import { inflate } from "./inflate.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { chunks, differsFromSrgb, readDpi, readProfile } from "./png_chunks.ts";
import { type Pass, passes, RowReader, unpackBits } from "./png_rows.ts";
import { type Decoded, imageOf } from "./raster.ts";

const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const STORED_CHANNELS: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const MOST_PACKED = 1032; // bytes that one byte of a deflated stream can stand for

interface PngFile {
  width: number;
  height: number;
  depth: number;
  kind: number;
  isInterlaced: boolean;
  palette: Uint8Array | null;
  transparent: Uint8Array | null;
  pixels: Uint8Array[];
  profile: Uint8Array | null;
  dpi: Dpi | null;
  exif: Uint8Array | null;
  frames: number;
  isSrgb: boolean;
  isOtherwiseCoded: boolean;
}

export async function readPng(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const file = parse(bytes, limits);
  const stored = STORED_CHANNELS[file.kind]!;
  const parts = passes(file.width, file.height, file.isInterlaced);
  const bits = stored * file.depth;
  const unpacked = parts.reduce((sum, pass) => sum + pass.height * (1 + Math.ceil((pass.width * bits) / 8)), 0);
  const packed = file.pixels.reduce((sum, part) => sum + part.length, 0);
  // Before memory is taken for pixels that cannot be there.
  if (packed * MOST_PACKED < unpacked) throw cutShort("PNG");
  const target = new Target(file, stored);
  const reader = new RowReader(parts, bits, (pass, y, row) => target.take(pass, y, row));
  const isWhole = await inflate(file.pixels, (part) => {
    reader.push(part);
    return !reader.isDone;
  });
  if (!isWhole && !reader.isDone) throw broken("PNG", "its pixels end too early");
  const { profile, dpi, exif } = file;
  const size = [file.height, file.width] as const;
  const image = imageOf({ size, samples: target.samples, channels: target.channels, tags: { profile, dpi, exif } });
  return { image, notes: notesOf(file) };
}

function notesOf(file: PngFile): string[] {
  const notes: string[] = [];
  if (file.frames > 1) notes.push(`This PNG is an animation of ${file.frames} frames; the first one is used.`);
  if (file.isOtherwiseCoded && !file.isSrgb && !file.profile) {
    notes.push("This PNG names its colours by gAMA or cHRM only; they are read as sRGB.");
  }
  return notes;
}

function parse(bytes: Uint8Array, limits: Limits): PngFile {
  let file: PngFile | null = null;
  for (const [name, content] of chunks(bytes)) {
    if (!file) {
      if (name !== "IHDR") throw broken("PNG", "it does not start with its header");
      file = headerOf(content);
      checkPicture("PNG", file.width, file.height, limits);
    } else take(file, name, content);
  }
  if (!file?.pixels.length) throw broken("PNG", "it has no pixels");
  if (file.kind === 3 && !file.palette) throw broken("PNG", "its palette is missing");
  return file;
}

function headerOf(content: Uint8Array): PngFile {
  if (content.length !== 13) throw broken("PNG", "its header has a wrong length");
  const [depth, kind, packing, filtering, interlacing] = content.subarray(8) as unknown as number[];
  if (!DEPTHS[kind!]?.includes(depth!) || packing || filtering || interlacing! > 1) {
    throw broken("PNG", "its header makes no sense");
  }
  return {
    width: big(content, 0, 4),
    height: big(content, 4, 4),
    depth: depth!,
    kind: kind!,
    isInterlaced: interlacing === 1,
    palette: null,
    transparent: null,
    pixels: [],
    profile: null,
    dpi: null,
    exif: null,
    frames: 1,
    isSrgb: false,
    isOtherwiseCoded: false,
  };
}

function take(file: PngFile, name: string, content: Uint8Array): void {
  if (name === "PLTE") file.palette ??= content;
  else if (name === "tRNS") file.transparent ??= content;
  else if (name === "IDAT") file.pixels.push(content);
  else if (name === "acTL" && content.length === 8) file.frames = big(content, 0, 4);
  else if (name === "iCCP") file.profile = readProfile(content);
  else if (name === "pHYs") file.dpi = readDpi(content);
  else if (name === "eXIf") file.exif = content;
  else if (name === "sRGB") file.isSrgb = true;
  else if (name === "gAMA" || name === "cHRM") file.isOtherwiseCoded ||= differsFromSrgb(name, content);
}

/** The samples that rows are written into: a palette is looked up, a transparent colour becomes alpha. */
class Target {
  readonly channels: 1 | 2 | 3 | 4;
  readonly samples: Samples;
  private readonly table: Uint8Array | null;
  /** The colour that is transparent, one sample a channel. */
  private readonly clear: readonly number[] | null;
  private readonly spread: Uint8Array;

  constructor(
    private readonly file: PngFile,
    private readonly stored: 1 | 2 | 3 | 4,
  ) {
    const { kind, transparent } = file;
    this.table = kind === 3 ? tableOf(file) : null;
    const canBeClear = (kind === 0 || kind === 2) && transparent && transparent.length >= 2 * stored;
    this.clear = canBeClear ? Array.from({ length: stored }, (_, c) => big(transparent, 2 * c, 2)) : null;
    this.channels = this.table ? (transparent ? 4 : 3) : ((stored + (this.clear ? 1 : 0)) as 1 | 2 | 3 | 4);
    const count = file.width * file.height * this.channels;
    this.samples = file.depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
    this.spread = new Uint8Array(file.depth < 8 ? file.width : 0);
  }

  take(pass: Pass, y: number, row: Uint8Array): void {
    const { depth } = this.file;
    let values = row;
    if (depth < 8) {
      values = this.spread.subarray(0, pass.width);
      unpackBits(row, depth, values);
    }
    const start = ((pass.y + y * pass.dy) * this.file.width + pass.x) * this.channels;
    if (depth === 8 && !this.table && !this.clear && pass.dx === 1) this.samples.set(values, start);
    else this.place(values, pass.width, start, pass.dx * this.channels);
  }

  private place(values: Uint8Array, width: number, start: number, step: number): void {
    const { samples, stored, channels, table, clear } = this;
    const { depth } = this.file;
    const scale = depth < 8 && !table ? 255 / ((1 << depth) - 1) : 1;
    const top = depth === 16 ? 65535 : 255;
    for (let x = 0, to = start; x < width; x++, to += step) {
      if (table) {
        const at = values[x]! * 4;
        for (let c = 0; c < channels; c++) samples[to + c] = table[at + c]!;
        continue;
      }
      let isClear = clear !== null;
      for (let c = 0; c < stored; c++) {
        const i = x * stored + c;
        const value = depth === 16 ? values[2 * i]! * 256 + values[2 * i + 1]! : values[i]!;
        if (clear && value !== clear[c]) isClear = false;
        samples[to + c] = value * scale;
      }
      if (clear) samples[to + stored] = isClear ? 0 : top;
    }
  }
}

/** 256 colours and their alpha; black and opaque where the palette is shorter. */
function tableOf(file: PngFile): Uint8Array {
  const table = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    table.set(file.palette!.subarray(3 * i, 3 * i + 3), 4 * i);
    table[4 * i + 3] = file.transparent?.[i] ?? 255;
  }
  return table;
}
