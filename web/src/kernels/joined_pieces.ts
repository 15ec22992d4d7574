/** Pieces that are one subject: a hat held apart, legs behind a bar, a tail beyond a leg. */
import type { Box, Size } from "../pictures.ts";
import { spreadLabels } from "./geodesic.ts";
import { boxOf } from "./windows.ts";

/** What has less than this share of the largest one's mass is no subject of its own. */
const LEAST = 0.01;
/** A piece of this share of another is a part of it where they are this near, in its own width. */
const [SMALL, NEAR] = [0.12, 0.75];
/** Of two above one another: how much of the narrower one's width they share, and the gap in their height together. */
const [ALIGNED, GAP] = [0.6, 0.15];
const ROUNDS = 4;

interface Group {
  cells: number;
  box: Box;
}

interface Meeting {
  readonly one: number;
  readonly other: number;
  gap: number;
}

/**
 * `pieces` (h×w, 0 outside) with one number for all that are one subject, from 1 on, at most `most`.
 *
 * `masses` has what each piece weighs, by its number. Pieces without a hundredth of the largest one's mass are left out:
 * they go with what is near.
 */
export function joinPieces(pieces: Int32Array, masses: Float64Array, size: Size, most: number): Int32Array {
  const largest = masses.subarray(1).reduce((most, mass) => Math.max(most, mass), 0);
  const kept = [...masses.keys()]
    .slice(1)
    .sort((one, other) => masses[other]! - masses[one]!)
    .slice(0, 4 * most)
    .filter((piece) => masses[piece]! > 0 && masses[piece]! >= LEAST * largest);
  const numbers = new Int32Array(masses.length);
  for (const [at, piece] of kept.entries()) numbers[piece] = at + 1;
  const cores = pieces.map((piece) => numbers[piece]!);
  if (kept.length < 2) return cores;
  const groups = kept.map((_, at) => groupOf(cores, size, at + 1));
  const owners = joined(groups, cores, size);
  const remaining = [...new Set(owners)].sort((one, other) => one - other);
  const byPiece = [0, ...owners.map((owner) => remaining.indexOf(owner) + 1)].map((at) => (at <= most ? at : 0));
  return cores.map((core) => byPiece[core]!);
}

function groupOf(cores: Int32Array, size: Size, number: number): Group {
  const marks = Uint8Array.from(cores, (core) => (core === number ? 1 : 0));
  return {
    cells: marks.reduce((sum, mark) => sum + mark, 0),
    box: boxOf(marks, size[1], [0, 0, size[0], size[1]])!,
  };
}

/** For each group, in the order of their sizes, the number of the one that it is joined with. */
function joined(groups: Group[], cores: Int32Array, size: Size): number[] {
  const { labels, costs } = spreadLabels(cores, new Float64Array(cores.length).fill(5), size);
  const meetings = meetingsOf(labels, costs, size);
  let owners = groups.map((_, at) => at);
  for (let round = 0; round < ROUNDS; round++) {
    const before = owners;
    for (const { one, other, gap } of meetings) {
      const first = Math.min(owners[one - 1]!, owners[other - 1]!);
      const second = Math.max(owners[one - 1]!, owners[other - 1]!);
      if (first === second || !isOne(groups[first]!, groups[second]!, gap / 5)) continue;
      take(groups[first]!, groups[second]!);
      owners = owners.map((owner) => (owner === second ? first : owner));
    }
    if (owners === before) break;
  }
  return owners;
}

/** How far apart those are whose territories meet, in fifths of a cell; the nearest first. */
function meetingsOf(labels: Int32Array, costs: Float64Array, size: Size): Meeting[] {
  const found = new Map<number, Meeting>();
  const meet = (at: number, beside: number): void => {
    if (labels[at] === labels[beside]) return;
    const one = Math.min(labels[at]!, labels[beside]!);
    const other = Math.max(labels[at]!, labels[beside]!);
    const gap = costs[at]! + costs[beside]!;
    const known = found.get(one * 4096 + other);
    if (!known) found.set(one * 4096 + other, { one, other, gap });
    else known.gap = Math.min(known.gap, gap);
  };
  for (let at = 0; at < labels.length; at++) {
    if ((at + 1) % size[1] !== 0) meet(at, at + 1);
    if (at + size[1] < labels.length) meet(at, at + size[1]);
  }
  return [...found.values()].sort((a, b) => a.gap - b.gap || a.one - b.one || a.other - b.other);
}

function isOne(one: Group, other: Group, gap: number): boolean {
  const [small, large] = one.cells <= other.cells ? [one, other] : [other, one];
  if (small.cells <= SMALL * large.cells && gap <= NEAR * Math.sqrt(small.cells) + 1) return true;
  const [upper, lower] = isBefore(one.box, other.box) ? [one.box, other.box] : [other.box, one.box];
  const shared = Math.min(upper[3], lower[3]) - Math.max(upper[1], lower[1]);
  const narrower = Math.min(upper[3] - upper[1], lower[3] - lower[1]);
  const height = Math.max(upper[2], lower[2]) - upper[0];
  // Above one another: hardly any row shows both.
  const isStacked = upper[2] - lower[0] <= 0.1 * height;
  return isStacked && shared >= ALIGNED * narrower && gap <= GAP * height;
}

function isBefore(one: Box, other: Box): boolean {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at < 0 || one[at]! < other[at]!;
}

function take(group: Group, { cells, box }: Group): void {
  group.cells += cells;
  group.box = [
    Math.min(group.box[0], box[0]),
    Math.min(group.box[1], box[1]),
    Math.max(group.box[2], box[2]),
    Math.max(group.box[3], box[3]),
  ];
}
