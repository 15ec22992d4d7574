/** The networks see different subjects. */
import { apart } from "../kernels/apart.ts";
import { spread } from "../kernels/pieces.ts";
import type { Look } from "./sign.ts";

/** Cells around what is one network's alone: an edge that lies a little elsewhere is no other subject. */
const INSIDE = 2;

export const look: Look = ({ answers, grid }) => {
  if (answers.length < 2) return [0, null];
  const [marks, share] = apart(answers, grid, INSIDE);
  return [share, spread(marks, grid, INSIDE)];
};
