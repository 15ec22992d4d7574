/** GIF; of an animation the first frame. */
import { little } from "./bytes.ts";
import { broken, cutShort } from "./damage.ts";
import { checkPicture, type Limits } from "./limits.ts";
import { type Decoded, imageOf } from "./raster.ts";

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isInterlaced: boolean;
  readonly palette: Uint8Array;
  /** The place in the palette that shows nothing, or −1. */
  readonly clear: number;
  readonly codeSize: number;
  readonly packed: Uint8Array;
}

export async function readGif(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  if (bytes.length < 13) throw cutShort("GIF");
  const [width, height] = [little(bytes, 6, 2), little(bytes, 8, 2)];
  checkPicture("GIF", width, height, limits);
  const { first, count } = walkBlocks(bytes);
  const indices = unpack(first);
  const samples = new Uint8Array(width * height * 4);
  for (let y = 0; y < first.height; y++) {
    const row = first.isInterlaced ? interlacedRow(y, first.height) : y;
    if (first.top + row >= height) continue;
    for (let x = 0; x < first.width && first.left + x < width; x++) {
      const index = indices[y * first.width + x]!;
      const to = ((first.top + row) * width + first.left + x) * 4;
      for (let c = 0; c < 3; c++) samples[to + c] = first.palette[3 * index + c]!;
      samples[to + 3] = index === first.clear ? 0 : 255;
    }
  }
  let isOpaque = true;
  for (let i = 3; i < samples.length && isOpaque; i += 4) isOpaque = samples[i] === 255;
  const image = imageOf({ size: [height, width], samples, channels: 4, is_opaque: isOpaque, tags: {} });
  return { image, notes: count > 1 ? [`This GIF is an animation of ${count} frames; the first one is used.`] : [] };
}

/** header · screen (7 bytes) · palette? · { extension | picture }* · trailer */
function walkBlocks(bytes: Uint8Array): { first: Frame; count: number } {
  const common = paletteAt(bytes, 13, bytes[10]!);
  let at = 13 + common.length;
  let [clear, count]: [number, number] = [-1, 0];
  let first: Frame | null = null;
  while (at < bytes.length && bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9 && bytes[at + 2] === 4) clear = bytes[at + 3]! & 1 ? bytes[at + 6]! : -1;
      at = afterBlocks(bytes, at + 2);
    } else if (bytes[at] === 0x2c) {
      if (at + 11 > bytes.length) throw cutShort("GIF");
      const own = paletteAt(bytes, at + 10, bytes[at + 9]!);
      const end = afterBlocks(bytes, at + 11 + own.length);
      first ??= frameAt(bytes, at, own.length ? own : common, own.length, clear, end);
      [clear, at] = [-1, end];
      count++;
    } else throw broken("GIF", "its blocks do not follow on each other");
  }
  if (at >= bytes.length) throw cutShort("GIF");
  if (!first) throw broken("GIF", "it has no picture");
  return { first, count };
}

function frameAt(
  bytes: Uint8Array,
  at: number,
  palette: Uint8Array,
  ownLength: number,
  clear: number,
  end: number,
): Frame {
  const full = new Uint8Array(256 * 3);
  full.set(palette);
  return {
    left: little(bytes, at + 1, 2),
    top: little(bytes, at + 3, 2),
    width: little(bytes, at + 5, 2),
    height: little(bytes, at + 7, 2),
    isInterlaced: (bytes[at + 9]! & 0x40) !== 0,
    palette: full,
    clear,
    codeSize: bytes[at + 10 + ownLength]!,
    packed: joinedBlocks(bytes, at + 11 + ownLength, end),
  };
}

function paletteAt(bytes: Uint8Array, at: number, flags: number): Uint8Array {
  const length = flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
  if (at + length > bytes.length) throw cutShort("GIF");
  return bytes.subarray(at, at + length);
}

/** The place after a chain of blocks, each led by its length, ended by length zero. */
function afterBlocks(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1 + bytes[at]!) if (bytes[at] === 0) return at + 1;
  throw cutShort("GIF");
}

function joinedBlocks(bytes: Uint8Array, from: number, end: number): Uint8Array {
  const out = new Uint8Array(end - from);
  let length = 0;
  for (let at = from; bytes[at]; at += 1 + bytes[at]!) {
    out.set(bytes.subarray(at + 1, at + 1 + bytes[at]!), length);
    length += bytes[at]!;
  }
  return out.subarray(0, length);
}

/** LZW with codes that grow from `codeSize` + 1 to 12 bits (Compuserve, "GIF89a Specification", appendix F). */
function unpack({ width, height, codeSize, packed }: Frame): Uint8Array {
  if (codeSize < 1 || codeSize > 11) throw broken("GIF", "its pixels make no sense");
  if (packed.length * 8 * 4096 < width * height) throw cutShort("GIF");
  const out = new Uint8Array(width * height);
  const [clearCode, endCode] = [1 << codeSize, (1 << codeSize) + 1];
  const [prefix, suffix] = [new Uint16Array(4096), new Uint8Array(4096)];
  const stack = new Uint8Array(4097);
  for (let i = 0; i < clearCode; i++) suffix[i] = i;
  let [bits, held, at, to] = [0, 0, 0, 0];
  let [size, next, before, head] = [codeSize + 1, endCode + 1, -1, 0];
  while (to < out.length) {
    while (held < size && at < packed.length) {
      bits |= packed[at++]! << held;
      held += 8;
    }
    if (held < size) throw cutShort("GIF");
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    if (code === endCode) throw cutShort("GIF");
    if (code === clearCode) {
      [size, next, before] = [codeSize + 1, endCode + 1, -1];
      continue;
    }
    if (code > next || (code === next && before < 0)) throw broken("GIF", "its pixels make no sense");
    let [depth, link] = [0, code];
    if (code === next) {
      stack[depth++] = head;
      link = before;
    }
    for (; link >= clearCode; link = prefix[link]!) stack[depth++] = suffix[link]!;
    head = suffix[link]!;
    stack[depth++] = head;
    while (depth && to < out.length) out[to++] = stack[--depth]!;
    if (before >= 0 && next < 4096) {
      prefix[next] = before;
      suffix[next++] = head;
      if (next === 1 << size && size < 12) size++;
    }
    before = code;
  }
  return out;
}

/** Where the `y`th stored row belongs: every eighth, the ones between, the fourths, the odd ones. */
function interlacedRow(y: number, height: number): number {
  let left = y;
  for (const [start, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const) {
    const rows = Math.ceil(Math.max(0, height - start) / step);
    if (left < rows) return start + left * step;
    left -= rows;
  }
  return y;
}
