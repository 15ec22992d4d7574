/** Much of the subject is so bright or so dark that its colours are lost. */
import { count, type Look } from "./sign.ts";

const [DARK, BRIGHT] = [Math.fround(0.06), Math.fround(0.985)];

export const look: Look = ({ subject, rgb }) => {
  const dark = subject.map((mark, at) => (mark && Math.max(...rgb.subarray(3 * at, 3 * at + 3)) < DARK ? 1 : 0));
  const bright = subject.map((mark, at) => (mark && Math.min(...rgb.subarray(3 * at, 3 * at + 3)) > BRIGHT ? 1 : 0));
  const lost = count(bright) > count(dark) ? bright : dark;
  return [count(lost) / Math.max(count(subject), 1), lost];
};
