/** BMP of 1 to 32 bits, with run lengths, with alpha where its masks tell one. */
import { little } from "./bytes.ts";
import { broken, cutShort } from "./damage.ts";
import type { Dpi } from "./exif.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { type Decoded, imageOf } from "./raster.ts";

const [PLAIN, RUNS_8, RUNS_4, MASKS, ALPHA_MASKS] = [0, 1, 2, 3, 6];
const INCH_M = 0.0254;

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly packing: number;
  readonly masks: readonly number[];
  readonly palette: Uint8Array;
  readonly paletteStep: number;
  readonly pixelsAt: number;
  readonly dpi: Dpi | null;
}

export async function readBmp(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const header = headerOf(bytes);
  const { width, height, dpi, masks } = header;
  checkPicture("BMP", width, height, limits);
  const hasAlpha = header.bits === 32 && masks[3] !== 0;
  const channels = hasAlpha ? 4 : 3;
  const stored = header.bits <= 8 ? indexed(bytes, header) : direct(bytes, header, channels);
  const samples = header.isTopDown ? stored : flipped(stored, width * channels);
  return { image: imageOf({ size: [height, width], samples, channels, tags: { dpi } }), notes: [] };
}

function headerOf(bytes: Uint8Array): BmpHeader {
  if (bytes.length < 26) throw cutShort("BMP");
  const length = little(bytes, 14, 4);
  if (bytes.length < 14 + length) throw cutShort("BMP");
  const isOld = length === 12;
  const [width, rawHeight] = isOld
    ? [little(bytes, 18, 2), little(bytes, 20, 2)]
    : [little(bytes, 18, 4) | 0, little(bytes, 22, 4) | 0];
  const [bits, packing] = isOld ? [little(bytes, 24, 2), 0] : [little(bytes, 28, 2), little(bytes, 30, 4)];
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw broken("BMP", `it has ${bits} bits a pixel`);
  const hasMasks = packing === MASKS || packing === ALPHA_MASKS;
  if (!hasMasks && packing !== PLAIN && !(packing === RUNS_8 && bits === 8) && !(packing === RUNS_4 && bits === 4)) {
    throw broken("BMP", `its packing ${packing} is unknown`);
  }
  const paletteAt = 14 + length + (hasMasks && length === 40 ? (packing === ALPHA_MASKS ? 16 : 12) : 0);
  const pixelsAt = little(bytes, 10, 4);
  const [x, y] = isOld ? [0, 0] : [little(bytes, 38, 4), little(bytes, 42, 4)];
  const perInch = (side: number): number => Math.round(side * INCH_M * 100) / 100;
  return {
    width,
    height: Math.abs(rawHeight),
    isTopDown: rawHeight < 0,
    bits,
    packing,
    masks: masksOf(bytes, bits, hasMasks, length, packing),
    palette: bytes.subarray(paletteAt, Math.max(paletteAt, pixelsAt)),
    paletteStep: isOld ? 3 : 4,
    pixelsAt,
    dpi: x && y ? [perInch(x), perInch(y)] : null,
  };
}

/** The bits of red, green, blue and alpha in a pixel. */
function masksOf(bytes: Uint8Array, bits: number, hasMasks: boolean, length: number, packing: number): number[] {
  if (!hasMasks) return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const hasAlpha = length >= 56 || packing === ALPHA_MASKS;
  return [54, 58, 62, 66].map((at, i) => (i < 3 || hasAlpha ? little(bytes, at, 4) : 0));
}

/** RGB of a picture with a palette, rows as stored. */
function indexed(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height, palette, paletteStep, packing } = header;
  const indices = packing === PLAIN ? plainIndices(bytes, header) : runs(bytes, header);
  const out = new Uint8Array(width * height * 3);
  for (let i = 0; i < indices.length; i++) {
    const at = indices[i]! * paletteStep;
    out[3 * i] = palette[at + 2] ?? 0;
    out[3 * i + 1] = palette[at + 1] ?? 0;
    out[3 * i + 2] = palette[at] ?? 0;
  }
  return out;
}

function rowBytes(header: BmpHeader): number {
  return Math.ceil((header.width * header.bits) / 32) * 4;
}

function checkLength(bytes: Uint8Array, header: BmpHeader): void {
  if (header.pixelsAt + rowBytes(header) * header.height > bytes.length) throw cutShort("BMP");
}

function plainIndices(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  checkLength(bytes, header);
  const { width, height, bits, pixelsAt } = header;
  const [out, mask, perByte] = [new Uint8Array(width * height), (1 << bits) - 1, 8 / bits];
  for (let y = 0; y < height; y++) {
    const row = pixelsAt + y * rowBytes(header);
    for (let x = 0; x < width; x++) {
      const shift = 8 - bits * ((x % perByte) + 1);
      out[y * width + x] = (bytes[row + Math.floor(x / perByte)]! >> shift) & mask;
    }
  }
  return out;
}

/** Run lengths: (count, value), or 0 and: 0 end of row, 1 end, 2 move on by (x, y), else so many values as they are. */
function runs(bytes: Uint8Array, { width, height, bits, pixelsAt }: BmpHeader): Uint8Array {
  const out = new Uint8Array(width * height);
  const valueAt = (at: number, i: number): number =>
    bits === 8 ? bytes[at + i]! : i & 1 ? bytes[at + (i >> 1)]! & 15 : bytes[at + (i >> 1)]! >> 4;
  let [at, x, y] = [pixelsAt, 0, 0];
  const put = (value: number): void => {
    if (x < width && y < height) out[y * width + x] = value;
    x++;
  };
  while (y < height) {
    if (at + 2 > bytes.length) throw cutShort("BMP");
    const [count, what] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count) for (let i = 0; i < count; i++) put(valueAt(at - 1, bits === 8 ? 0 : i & 1));
    else if (what === 1) break;
    else if (what === 0) [x, y] = [0, y + 1];
    else if (what === 2) {
      [x, y] = [x + (bytes[at] ?? 0), y + (bytes[at + 1] ?? 0)];
      at += 2;
    } else {
      const length = Math.ceil((what * bits) / 8);
      if (at + length > bytes.length) throw cutShort("BMP");
      for (let i = 0; i < what; i++) put(valueAt(at, i));
      at += length + (length % 2);
    }
  }
  return out;
}

/** RGB or RGBA of a picture of 16 bits a pixel and more, rows as stored. */
function direct(bytes: Uint8Array, header: BmpHeader, channels: 3 | 4): Uint8Array {
  checkLength(bytes, header);
  const { width, height, bits, masks, pixelsAt } = header;
  const out = new Uint8Array(width * height * channels);
  const step = bits / 8;
  const shifts = masks.map((mask) => (mask ? 31 - Math.clz32(mask & -mask) : 0));
  const tops = masks.map((mask, i) => (mask ? mask >>> shifts[i]! : 1));
  for (let y = 0, to = 0; y < height; y++) {
    let at = pixelsAt + y * rowBytes(header);
    for (let x = 0; x < width; x++, at += step) {
      let pixel = bytes[at]! | (bytes[at + 1]! << 8);
      if (step > 2) pixel |= bytes[at + 2]! << 16;
      if (step > 3) pixel |= bytes[at + 3]! << 24;
      for (let c = 0; c < channels; c++) {
        const value = (pixel & masks[c]!) >>> shifts[c]!;
        out[to++] = tops[c] === 255 ? value : Math.floor((value * 255) / tops[c]!);
      }
    }
  }
  return out;
}

function flipped(samples: Uint8Array, row: number): Uint8Array {
  const out = new Uint8Array(samples.length);
  for (let at = 0; at < samples.length; at += row) out.set(samples.subarray(at, at + row), samples.length - row - at);
  return out;
}
