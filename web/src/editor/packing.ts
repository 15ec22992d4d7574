/**
 * What an act changed, small: the exclusive-or of the tiles before and after it, run-length coded.
 *
 * The same patch takes an act back and does it again, so one is kept where two pictures would be. Mattes are mostly
 * constant: a tile of 128 KB that a stroke went through is a few KB so, and one that it filled a few bytes.
 */

/** Set in the word before a run; without it the word counts literals. */
const RUN = 0x8000;
const LONGEST = 0x7fff;
/** Shorter runs are cheaper as literals. */
const LEAST_RUN = 3;

/** `difference` coded; null where it is nothing. */
export function packed(difference: Uint16Array): Uint16Array | null {
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

/** Turns what `tile` holds into what was on the other side of the act, in place. */
export function unpackInto(words: Uint16Array, tile: Uint16Array): void {
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
