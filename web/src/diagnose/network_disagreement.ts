/** The networks see different subjects. */
import { smallest } from "../kernels/extremes.ts";
import { spread } from "../kernels/pieces.ts";
import { count, type Look } from "./sign.ts";

const [INSIDE, APART] = [2, 0.5];

export const look: Look = ({ answers, grid }) => {
  const [first, ...others] = answers;
  if (!first || others.length === 0) return [0, null];
  const most = others.reduce((high, other) => high.map((alpha, at) => Math.max(alpha, other[at]!)), first);
  const least = others.reduce((low, other) => low.map((alpha, at) => Math.min(alpha, other[at]!)), first);
  const between = most.map((alpha, at) => alpha - least[at]!);
  const apart = Uint8Array.from(smallest(between, grid, INSIDE), (by) => (by > APART ? 1 : 0));
  const subject = most.reduce((sum, alpha) => sum + (alpha > APART ? 1 : 0), 0);
  return [count(apart) / Math.max(subject, 1), spread(apart, grid, INSIDE)];
};
