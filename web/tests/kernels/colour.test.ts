import { expect, test } from "vitest";
import { fromSrgb, profileKind, toSrgb } from "../../src/kernels/colour.ts";
import { expectClose, goldenCases, type Nested } from "../golden.ts";
import { fifteenths, profileOf } from "../numbers.ts";

/** Python's colour engine looks curves up in 16 bits; this is far below what eight bits show. */
const TOLERANCE = 5e-5;
/** It undoes a table by another one, of 4096 steps. */
const TABLE_TOLERANCE = 3e-4;

/** It rounds to sixteen bits between the stages of a profile of tables. */
const TABLES_TOLERANCE = 3e-4;

const CASES = goldenCases("colour");

CASES.filter((one) => one.name !== "grey").forEach((one) => {
  test(`colours of ${one.name}, there and back`, () => {
    const profile = profileOf(one.profile);
    const [there, back] = [fifteenths(216), fifteenths(216)];
    toSrgb(there, profile);
    expectClose(there, one.expected as Nested, TOLERANCE);
    fromSrgb(back, profile);
    expectClose(back, one.back as Nested, one.name === "table" ? TABLE_TOLERANCE : TOLERANCE);
  });
});

goldenCases("colour_tables").forEach((one) => {
  test(`colours by the tables of ${one.name}, there and back`, () => {
    const profile = profileOf(one.profile);
    expect(profileKind(profile)).toBe("table");
    const [there, back] = [fifteenths(216), fifteenths(216)];
    toSrgb(there, profile);
    expectClose(there, one.expected as Nested, TABLES_TOLERANCE);
    fromSrgb(back, profile);
    expectClose(back, one.back as Nested, TABLES_TOLERANCE);
  });
});

test("grey is brightness alone", () => {
  const grey = CASES.find((one) => one.name === "grey")!;
  const values = fifteenths(216).map((value, i, all) => all[i - (i % 3)] ?? value);
  toSrgb(values, profileOf(grey.profile));
  expectClose(values, grey.expected as Nested, TOLERANCE);
  const back = values.slice();
  fromSrgb(back, profileOf(grey.profile));
  toSrgb(back, profileOf(grey.profile));
  expectClose(back, Array.from(values), 1e-5);
});

test("a profile says what it is", () => {
  const kinds = CASES.map((one) => profileKind(profileOf(one.profile)));
  expect(kinds).toEqual(["srgb", "matrix", "matrix", "matrix", "matrix", "gray"]);
  expect(profileKind(null)).toBe("srgb");
});

test("a broken profile is taken for sRGB and called unknown", () => {
  const whole = profileOf(CASES[1]!.profile)!;
  for (const broken of [whole.slice(0, 100), whole.slice(0, 200), new Uint8Array(300)]) {
    const rgb = Float32Array.of(0.2, 0.4, 0.6);
    expect(profileKind(broken)).toBe("unknown");
    toSrgb(rgb, broken);
    expect(rgb).toEqual(Float32Array.of(0.2, 0.4, 0.6));
  }
});
