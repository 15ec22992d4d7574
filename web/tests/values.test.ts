import { expect, test } from "vitest";
import { FeathercutError } from "../src/errors.ts";
import { parseBackground, parseColour, parseMargin, parsePosition, parseScale, parseSize } from "../src/values.ts";
import { goldenCases } from "./golden.ts";

const GRAMMARS: Record<string, (text: string) => unknown> = {
  colour: parseColour,
  margin: (text) => parseMargin(text).map(({ value, unit }) => [value, unit]),
  size: parseSize,
  scale: parseScale,
  position: parsePosition,
  background(text) {
    const words = parseBackground(text);
    if (words.kind === "colour") return words.colour;
    if (words.kind === "gradient") return { gradient: [words.from, words.to, words.angle_deg] };
    return words.kind === "blur" ? { blur: words.radius_px } : { picture: words.path };
  },
};

function meant(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof FeathercutError) return { error: error.message };
    throw error;
  }
}

/** Numbers as golden files have them. */
function short(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(9));
  return Array.isArray(value) ? value.map(short) : value;
}

test.each(Object.keys(GRAMMARS))("every %s means what it means in Python, or fails with the same words", (name) => {
  const cases = goldenCases("values").filter((one) => one.grammar === name);
  for (const one of cases) {
    expect(short(meant(GRAMMARS[name]!, one.text as string)), one.text as string).toEqual(one.expected);
  }
  expect(cases.length).toBeGreaterThan(4);
});
