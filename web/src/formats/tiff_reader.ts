/**
 * TIFF as cameras' programs and editors write it: grey and RGB of 8 or 16 bits, with alpha, in strips or tiles, plain or
 * packed without loss. Others by the browser, where it can: few do. Twin of Python's `tiff_reader.py` for these.
 */
import { FeathercutError } from "../errors.ts";
import { type Samples, white } from "../pictures.ts";
import { browserRaster } from "./browser_reader.ts";
import { broken, cutShort } from "./damage.ts";
import { dpiOf } from "./exif.ts";
import { numberOf, type Order, readDirectory, readHeader, type Tags, unsigned } from "./ifd.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { type Decoded, imageOf } from "./raster.ts";
import { DEFLATE, LZW, OLD_DEFLATE, PACK_BITS, PLAIN, samplesOf, unpacked } from "./tiff_blocks.ts";

const [SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC] = [254, 256, 257, 258, 259, 262];
const [STRIPS, ORIENTATION, CHANNELS, STRIP_ROWS, STRIP_BYTES, PLANAR, PREDICTOR] = [273, 274, 277, 278, 279, 284, 317];
const [TILE_WIDTH, TILE_HEIGHT, TILES, TILE_BYTES, EXTRA, FORMAT, PROFILE] = [322, 323, 324, 325, 338, 339, 34675];
const [WHITE_IS_ZERO, BLACK_IS_ZERO, RGB] = [0, 1, 2];
const [PREMULTIPLIED, STRAIGHT] = [1, 2];
const MOST_PAGES = 10_000;

/** What is needed of the tags. */
interface Page {
  readonly order: Order;
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly photometric: number;
  readonly channels: number;
  readonly compression: number;
  readonly isPlanar: boolean;
  readonly isPredicted: boolean;
  /** Tiles are whole beyond the picture's edge, strips end with it. */
  readonly isTiled: boolean;
  /** Of a block, in pixels. */
  readonly block: readonly [height: number, width: number];
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

export async function readTiff(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const header = readHeader(bytes);
  const tags = header && onlyPage(bytes, header.order, header.first);
  if (!header || !tags) throw broken("TIFF", "its first directory is missing");
  const number = (tag: number, otherwise: number): number => numberOf(tags.get(tag), header.order) ?? otherwise;
  checkPicture("TIFF", number(WIDTH, 0), number(HEIGHT, 0), limits);
  const page = pageOf(tags, header.order);
  if (!page) return byBrowser(bytes);
  const colours = page.photometric === RGB ? 3 : 1;
  const kind = page.channels > colours ? number(EXTRA, 0) : 0;
  const hasAlpha = kind === PREMULTIPLIED || kind === STRAIGHT;
  const samples = await samplesIn(bytes, page, colours + (hasAlpha ? 1 : 0));
  if (page.photometric === WHITE_IS_ZERO) turnOver(samples, hasAlpha ? 2 : 1);
  if (kind === PREMULTIPLIED) divideOut(samples, colours);
  const profile = tags.get(PROFILE)?.data ?? null;
  // The file itself is laid out like an EXIF block.
  const about = { profile, exif: bytes, dpi: dpiOf(bytes), orientation: number(ORIENTATION, 1) };
  const channels = (colours + (hasAlpha ? 1 : 0)) as 1 | 2 | 3 | 4;
  return { image: imageOf({ size: [page.height, page.width], samples, channels, tags: about }), notes: [] };
}

/** The tags of the page that is the picture, without thumbnails and masks beside it. */
function onlyPage(bytes: Uint8Array, order: Order, first: number): Tags | null {
  const full: Tags[] = [];
  for (let offset = first, count = 0; offset && count < MOST_PAGES; count++) {
    const tags = readDirectory(bytes, order, offset);
    if (!tags) break;
    if (!((numberOf(tags.get(SUBFILE), order) ?? 0) & 0b101)) full.push(tags);
    const end = offset + 2 + 12 * unsigned(bytes, offset, 2, order);
    const next = unsigned(bytes, end, 4, order);
    offset = next > offset ? next : 0;
  }
  if (full.length < 2) return full[0] ?? readDirectory(bytes, order, first);
  const said = `The TIFF has ${full.length} pages, and one picture a file is read. Save each as a file`;
  throw new FeathercutError("not-a-picture", said);
}

/** Null where the TIFF is of a kind that is not read here. */
function pageOf(tags: Tags, order: Order): Page | null {
  const all = (tag: number): number[] => numbersOf(tags, tag, order);
  const one = (tag: number, otherwise: number): number => all(tag)[0] ?? otherwise;
  const [width, height, channels] = [one(WIDTH, 0), one(HEIGHT, 0), one(CHANNELS, 1)];
  const [depths, compression, photometric] = [all(BITS), one(COMPRESSION, PLAIN), one(PHOTOMETRIC, -1)];
  const depth = depths[0];
  const isTiled = tags.has(TILES);
  const isKnown =
    (depth === 8 || depth === 16) &&
    depths.every((each) => each === depth) &&
    all(FORMAT).every((format) => format === 1) &&
    [PLAIN, LZW, DEFLATE, OLD_DEFLATE, PACK_BITS].includes(compression) &&
    [WHITE_IS_ZERO, BLACK_IS_ZERO, RGB].includes(photometric) &&
    one(PREDICTOR, 1) <= 2 &&
    channels >= (photometric === RGB ? 3 : 1);
  if (!isKnown) return null;
  return {
    order,
    width,
    height,
    depth,
    photometric,
    channels,
    compression,
    isPlanar: one(PLANAR, 1) === 2,
    isPredicted: one(PREDICTOR, 1) === 2,
    isTiled,
    block: isTiled ? [one(TILE_HEIGHT, 0), one(TILE_WIDTH, 0)] : [Math.min(height, one(STRIP_ROWS, height)), width],
    offsets: all(isTiled ? TILES : STRIPS),
    lengths: all(isTiled ? TILE_BYTES : STRIP_BYTES),
  };
}

/** The first `kept` channels of all pixels. */
async function samplesIn(bytes: Uint8Array, page: Page, kept: number): Promise<Samples> {
  const { width, height, depth, channels, compression, block, isPlanar } = page;
  const [rows, columns] = block;
  if (rows < 1 || columns < 1) throw broken("TIFF", "its blocks have no size");
  const out = depth === 8 ? new Uint8Array(width * height * kept) : new Uint16Array(width * height * kept);
  const inBlock = isPlanar ? 1 : channels;
  const [across, down] = [Math.ceil(width / columns), Math.ceil(height / rows)];
  const planes = isPlanar ? kept : 1;
  for (let i = 0; i < across * down * planes; i++) {
    const [offset, length] = [page.offsets[i], page.lengths[i]];
    if (offset === undefined || length === undefined || offset + length > bytes.length) throw cutShort("TIFF");
    const plane = Math.floor(i / (across * down));
    const [top, left] = [(Math.floor(i / across) % down) * rows, (i % across) * columns];
    const stored = page.isTiled ? rows : Math.min(rows, height - top);
    const wanted = stored * columns * inBlock * (depth >> 3);
    const part = await unpacked(bytes.subarray(offset, offset + length), compression, wanted);
    const samples = samplesOf(part, depth, page.order, columns * inBlock, inBlock, page.isPredicted);
    for (let y = 0; y < stored && top + y < height; y++) {
      for (let x = 0; x < columns && left + x < width; x++) {
        const [from, to] = [(y * columns + x) * inBlock, ((top + y) * width + left + x) * kept];
        if (isPlanar) out[to + plane] = samples[from]!;
        else for (let c = 0; c < kept; c++) out[to + c] = samples[from + c]!;
      }
    }
  }
  return out;
}

function numbersOf(tags: Tags, tag: number, order: Order): number[] {
  const found = tags.get(tag);
  if (!found) return [];
  const size = found.data.length / found.count;
  return Array.from({ length: found.count }, (_, i) => unsigned(found.data, i * size, size, order));
}

function turnOver(samples: Samples, channels: number): void {
  const top = white(samples);
  for (let i = 0; i < samples.length; i += channels) samples[i] = top - samples[i]!;
}

/** Colours with the alpha that follows them divided out; zero where it is zero. */
function divideOut(samples: Samples, colours: number): void {
  const top = white(samples);
  for (let i = 0; i < samples.length; i += colours + 1) {
    const alpha = samples[i + colours]!;
    for (let c = i; c < i + colours; c++) {
      samples[c] = alpha ? Math.min(top, Math.floor((samples[c]! * top) / alpha + 0.5)) : 0;
    }
  }
}

async function byBrowser(bytes: Uint8Array): Promise<Decoded> {
  const raster = await browserRaster(bytes, "image/tiff");
  const image = imageOf({ ...raster, tags: { orientation: 1 } });
  return { image, notes: ["The browser has decoded this TIFF, at 8 bits a channel and in sRGB."] };
}
