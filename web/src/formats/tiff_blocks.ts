/** The blocks (strips or tiles) of a TIFF unpacked: as they are, LZW, PackBits or zlib's deflate; then the predictor undone. */
import { concat } from "./bytes.ts";
import { broken, cutShort } from "./damage.ts";
import type { Order } from "./ifd.ts";
import { inflate } from "./inflate.ts";

export const [PLAIN, LZW, DEFLATE, PACK_BITS, OLD_DEFLATE] = [1, 5, 8, 32773, 32946];

/** `length` bytes of a block. Throws FeathercutError "damaged-picture" where it has fewer. */
export async function unpacked(packed: Uint8Array, compression: number, length: number): Promise<Uint8Array> {
  const bytes = await byMethod(packed, compression, length);
  if (bytes.length < length) throw cutShort("TIFF");
  return bytes.subarray(0, length);
}

async function byMethod(packed: Uint8Array, compression: number, length: number): Promise<Uint8Array> {
  if (compression === LZW) return byCodes(packed, length);
  if (compression === PACK_BITS) return byRuns(packed, length);
  if (compression !== DEFLATE && compression !== OLD_DEFLATE) return packed.slice(0, length);
  const parts: Uint8Array[] = [];
  let room = length;
  await inflate([packed], (bytes) => {
    parts.push(bytes);
    room -= bytes.length;
    return room > 0;
  });
  return concat(parts);
}

/** LZW with the highest bit first and codes that grow one early (TIFF 6.0, section 13). */
function byCodes(packed: Uint8Array, length: number): Uint8Array {
  const [clear, end] = [256, 257];
  const out = new Uint8Array(length);
  // A code's text is what was written when it was made: where it began, and how long it is.
  const [begins, lengths] = [new Int32Array(4096), new Int32Array(4096)];
  let [size, next, before, beganBefore] = [9, 258, -1, 0];
  let [bits, held, at, to] = [0, 0, 0, 0];
  while (to < length) {
    while (held < size && at < packed.length) {
      bits = ((bits << 8) | packed[at++]!) & 0xffffff;
      held += 8;
    }
    if (held < size) break;
    const code = (bits >>> (held - size)) & ((1 << size) - 1);
    held -= size;
    if (code === end) break;
    if (code === clear) {
      [size, next, before] = [9, 258, -1];
      continue;
    }
    if (code > next || (code === next && before < 0)) throw broken("TIFF", "its pixels make no sense");
    if (before >= 0 && next < 4096) {
      // The text of the code before, and the first byte of this one: it follows in what is written.
      begins[next] = beganBefore;
      lengths[next++] = (before < 256 ? 1 : lengths[before]!) + 1;
      if (next + 1 === 1 << size && size < 12) size++;
    }
    const began = to;
    if (code < 256) out[to++] = code;
    else for (let from = begins[code]!, i = lengths[code]!; i > 0 && to < length; i--) out[to++] = out[from++]!;
    [before, beganBefore] = [code, began];
  }
  return out.subarray(0, to);
}

function byRuns(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < packed.length && to < length; ) {
    const head = packed[at++]!;
    if (head === 128) continue;
    const count = head < 128 ? head + 1 : 257 - head;
    if (head < 128) out.set(packed.subarray(at, at + Math.min(count, length - to)), to);
    else out.fill(packed[at]!, to, to + count);
    at += head < 128 ? count : 1;
    to += count;
  }
  return out.subarray(0, Math.min(to, length));
}

/** The block's samples, in rows of `row` samples of which each pixel has `channels`; `isPredicted` holds differences. */
export function samplesOf(
  bytes: Uint8Array,
  depth: 8 | 16,
  order: Order,
  row: number,
  channels: number,
  isPredicted: boolean,
): Uint8Array | Uint16Array {
  const samples = depth === 8 ? bytes.slice() : words(bytes, order);
  if (!isPredicted) return samples;
  for (let start = 0; start < samples.length; start += row) {
    const end = Math.min(samples.length, start + row);
    for (let i = start + channels; i < end; i++) samples[i] = samples[i]! + samples[i - channels]!;
  }
  return samples;
}

function words(bytes: Uint8Array, order: Order): Uint16Array {
  const out = new Uint16Array(bytes.length >> 1);
  const [high, low] = order === "big" ? [0, 1] : [1, 0];
  for (let i = 0, at = 0; i < out.length; i++, at += 2) out[i] = (bytes[at + high]! << 8) | bytes[at + low]!;
  return out;
}
