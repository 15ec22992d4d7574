/** Style sheets know no left and right, so that the page reads from either side. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const STYLES = new URL("../../src/ui/styles/", import.meta.url);
const SIDED =
  /(^|[\s;{])(left|right|(margin|padding|border)-(left|right)\b|(border)-(top|bottom)-(left|right)[\w-]*|float|text-align:\s*(left|right))\s*:?/m;

test("no rule says left or right", () => {
  const names = readdirSync(STYLES);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const css = readFileSync(new URL(name, STYLES), "utf8")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      // Gradients have no logical direction; where it matters there is a rule for each.
      .replace(/to (left|right)/g, "");
    expect(
      css.split("\n").filter((line) => SIDED.test(line)),
      name,
    ).toEqual([]);
  }
});
