/**
 * What an act changed, small: the exclusive-or of the tiles before and after it, run-length coded.
 *
 * The same patch takes an act back and does it again, so one is kept where two pictures would be. Mattes are mostly
 * constant: a tile of 128 KB that a stroke went through is some KB so, and one that it filled a few bytes. What soft edges
 * leave is deflated, high bytes before low ones: those hardly change.
 */

import { deflateSync, inflateSync } from "fflate";

/** Set in the word before a run; without it the word counts literals. */
const RUN = 0x8000;
const LONGEST = 0x7fff;
/** Shorter runs are cheaper as literals. */
const LEAST_RUN = 3;
/** Less is not worth deflating. */
const LEAST_DEFLATED = 1024;

/** A coded tile; deflated where that makes it smaller. */
export interface Packed {
  readonly bytes: Uint8Array;
  /** Of the coded words before they were deflated; null where they were not. */
  readonly words: number | null;
}

/** `difference` coded and deflated; null where it is nothing. A tile takes one to three ms. */
export function packed(difference: Uint16Array): Packed | null {
  const words = coded(difference);
  if (!words) return null;
  const plain = new Uint8Array(words.buffer);
  if (plain.length < LEAST_DEFLATED) return { bytes: plain, words: null };
  const planes = new Uint8Array(plain.length);
  for (let i = 0; i < words.length; i++) {
    planes[i] = words[i]! >> 8;
    planes[words.length + i] = words[i]! & 255;
  }
  const bytes = deflateSync(planes, { level: 1 });
  return bytes.length < plain.length ? { bytes, words: words.length } : { bytes: plain, words: null };
}

/** Turns what `tile` holds into what was on the other side of the act, in place. */
export function unpackInto(packed: Packed, tile: Uint16Array): void {
  if (packed.words === null) {
    decodeInto(new Uint16Array(packed.bytes.buffer), tile);
    return;
  }
  const planes = inflateSync(packed.bytes, { out: new Uint8Array(packed.words * 2) });
  const words = new Uint16Array(packed.words);
  for (let i = 0; i < words.length; i++) words[i] = (planes[i]! << 8) | planes[words.length + i]!;
  decodeInto(words, tile);
}

/** `difference` coded; null where it is nothing. */
function coded(difference: Uint16Array): Uint16Array<ArrayBuffer> | null {
  const length = difference.length;
  const words = new Uint16Array(length + Math.ceil(length / LONGEST) + 1);
  let count = 0;
  let literals = -1;
  let hasChanged = false;
  for (let i = 0; i < length; ) {
    const word = difference[i]!;
    let end = i + 1;
    while (end < length && end - i < LONGEST && difference[end] === word) end++;
    if (word) hasChanged = true;
    if (end - i >= LEAST_RUN) {
      words[count++] = RUN | (end - i);
      words[count++] = word;
      literals = -1;
      i = end;
      continue;
    }
    if (literals < 0 || words[literals] === LONGEST) {
      literals = count;
      words[count++] = 0;
    }
    words[count++] = word;
    words[literals]!++;
    i++;
  }
  return hasChanged ? words.slice(0, count) : null;
}

function decodeInto(words: Uint16Array, tile: Uint16Array): void {
  let at = 0;
  for (let i = 0; i < words.length; ) {
    const head = words[i++]!;
    const count = head & LONGEST;
    if (head & RUN) {
      const word = words[i++]!;
      if (word) for (let j = at; j < at + count; j++) tile[j]! ^= word;
      at += count;
      continue;
    }
    for (let j = 0; j < count; j++) tile[at++]! ^= words[i++]!;
  }
}
