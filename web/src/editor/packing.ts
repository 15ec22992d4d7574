/**
 * What an act changed of a tile, small: the difference of after and before, modulo 2^16, as what each pixel of it has
 * beyond the plane through its neighbours above and to the left.
 *
 * One difference takes an act back and does it again, so one is kept where two pictures would be. Where nothing changed and
 * where all changed by the same it leaves zeros, and where a soft brush went small numbers. In blocks of 16 they are
 * written by Golomb and Rice (R. F. Rice, "Some practical universal noiseless coding techniques", JPL 79-22, 1979), as in
 * lossless JPEG: quicker than deflating them, and a third of its bytes.
 */
import { BitReader, BitWriter } from "./bits.ts";

const BLOCK = 16;
/** A block begins with how many low bits are written as they are, and whether four more are zero in all of it. */
const WIDTH_BITS = 4;
const MOST_WIDTH = 14;
const SPARE = 4;
/** In the place of a width: so many blocks in a row are zero, less one. */
const ZEROS = 15;
const RUN_BITS = 12;
const LONGEST_RUN = 1 << RUN_BITS;
/** What lies above the low bits is so many ones and a zero; from this many on it is written as it is. */
const ESCAPE = 12;
const WORD = 16;
/** The width for numbers of a mean: log2 of the mean times ln 2. */
const LN2 = Math.LN2;

/** `difference` (rows of `across`), packed; null where it is nothing. A tile of 256×256 takes about a ms. */
export function packed(difference: Uint16Array, across: number): Uint8Array<ArrayBuffer> | null {
  const rest = beyondPlanes(difference, across);
  const bits = new BitWriter(rest.length * 4 + 64);
  let zeros = 0;
  let isNothing = true;
  for (let at = 0; at < rest.length; at += BLOCK) {
    const end = Math.min(rest.length, at + BLOCK);
    let all = 0;
    for (let i = at; i < end; i++) all |= rest[i]!;
    if (all === 0 && zeros < LONGEST_RUN) {
      zeros++;
      continue;
    }
    if (zeros) writeZeros(bits, zeros);
    zeros = all ? 0 : 1;
    if (all === 0) continue;
    isNothing = false;
    writeBlock(bits, rest, at, end, all);
  }
  if (isNothing) return null;
  if (zeros) writeZeros(bits, zeros);
  return bits.done();
}

/** The difference that was packed, of `length` pixels in rows of `across`. */
export function unpacked(bytes: Uint8Array, length: number, across: number): Uint16Array<ArrayBuffer> {
  const values = new Uint16Array(length);
  const bits = new BitReader(bytes);
  for (let at = 0; at < length; ) {
    const width = bits.read(WIDTH_BITS);
    if (width === ZEROS) {
      at += (bits.read(RUN_BITS) + 1) * BLOCK;
      continue;
    }
    const spare = bits.read(1) * SPARE;
    const end = Math.min(length, at + BLOCK);
    for (; at < end; at++) {
      const high = bits.ones(ESCAPE);
      const folded = high === ESCAPE ? bits.read(WORD) : (high << width) | bits.read(width);
      values[at] = ((folded >>> 1) ^ -(folded & 1)) << spare;
    }
  }
  addPlanes(values, across);
  return values;
}

function writeZeros(bits: BitWriter, blocks: number): void {
  bits.write(ZEROS, WIDTH_BITS);
  bits.write(blocks - 1, RUN_BITS);
}

/** Signed numbers from `from` to `end`, of which `all` has every bit that any has. */
function writeBlock(bits: BitWriter, rest: Int16Array, from: number, end: number, all: number): void {
  const spare = all & ((1 << SPARE) - 1) ? 0 : SPARE;
  let sum = 0;
  for (let i = from; i < end; i++) sum += folded(rest[i]! >> spare);
  const width = Math.min(MOST_WIDTH, 31 - Math.clz32((LN2 * sum) / (end - from) + 1));
  bits.write(width, WIDTH_BITS);
  bits.write(spare ? 1 : 0, 1);
  for (let i = from; i < end; i++) {
    const value = folded(rest[i]! >> spare);
    const high = value >> width;
    if (high < ESCAPE) {
      bits.write((1 << high) - 1, high + 1);
      bits.write(value & ((1 << width) - 1), width);
    } else {
      bits.write((1 << ESCAPE) - 1, ESCAPE);
      bits.write(value, WORD);
    }
  }
}

/** 0, −1, 1, −2, … as 0, 1, 2, 3, … */
function folded(signed: number): number {
  return (signed << 1) ^ (signed >> 31);
}

/** Each pixel less left plus above less above left. */
function beyondPlanes(values: Uint16Array, across: number): Int16Array {
  const rest = new Int16Array(values.length);
  for (let row = 0; row < values.length; row += across) {
    let left = 0;
    let corner = 0;
    for (let x = row; x < row + across; x++) {
      const above = row ? values[x - across]! : 0;
      const value = values[x]!;
      rest[x] = value - left - above + corner;
      left = value;
      corner = above;
    }
  }
  return rest;
}

function addPlanes(values: Uint16Array, across: number): void {
  for (let row = 0; row < values.length; row += across) {
    // The sum of a row's own rests, added to the row above, is left plus above less above left.
    let sum = 0;
    for (let x = row; x < row + across; x++) {
      sum += values[x]!;
      values[x] = sum + (row ? values[x - across]! : 0);
    }
  }
}
