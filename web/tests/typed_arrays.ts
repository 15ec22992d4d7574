/** Run before every test file: arrays of numbers are compared as such, not as objects with as many properties. */
import { expect } from "vitest";

type Numbers = { readonly length: number; readonly [at: number]: number | bigint };

function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Whether both hold the same, to the bit; undefined where they are not arrays of numbers of one kind. */
function isSame(one: unknown, other: unknown): boolean | undefined {
  if (!isNumbers(one) || !isNumbers(other) || one.constructor !== other.constructor) return undefined;
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (!Object.is(one[i], other[i])) return false;
  return true;
}

expect.addEqualityTesters([isSame]);
