/** The numbers that Python and TypeScript agree on: `golden/<name>.json`, one case a test. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** Nested lists, rows first, as JSON has them. */
export type Nested = number | readonly Nested[];

export interface Case {
  readonly expected: unknown;
  readonly [name: string]: unknown;
}

export function goldenCases(name: string): Case[] {
  const text = readFileSync(new URL(`../../golden/${name}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { cases: Case[] }).cases;
}

export function shapeOf(nested: Nested): number[] {
  return typeof nested === "number" ? [] : [nested.length, ...(nested.length ? shapeOf(nested[0]!) : [])];
}

export function flat(nested: Nested): Float32Array {
  const numbers: number[] = [];
  const walk = (part: Nested): void => {
    if (typeof part === "number") numbers.push(part);
    else part.forEach(walk);
  };
  walk(nested);
  return Float32Array.from(numbers);
}

/** Fails where any number is further than `tolerance` from its expected one. */
export function expectClose(actual: ArrayLike<number>, expected: Nested, tolerance = 1e-5): void {
  const wanted = flat(expected);
  expect(actual.length).toBe(wanted.length);
  let worst = 0;
  let at = -1;
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(actual[i]! - wanted[i]!);
    if (!(off <= worst)) {
      worst = off;
      at = i;
    }
  }
  expect(worst, `at ${at}: ${actual[at]} where ${wanted[at]} was expected`).toBeLessThanOrEqual(tolerance);
}
