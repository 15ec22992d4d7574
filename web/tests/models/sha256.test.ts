import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Sha256, sha256 } from "../../src/models/sha256.ts";

const numbers = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (i * 131 + (i >> 7)) % 256);
const expected = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_000])("%i bytes hash as everywhere else", (count) => {
  expect(sha256(numbers(count))).toBe(expected(numbers(count)));
});

test("pieces of any length give the hash of the whole", () => {
  const whole = numbers(5000);
  const hash = new Sha256();
  for (let at = 0, length = 1; at < whole.length; at += length, length = (length * 7) % 191) {
    hash.update(whole.subarray(at, at + length));
  }
  expect(hash.hex()).toBe(expected(whole));
});
