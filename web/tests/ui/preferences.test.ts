import { expect, test } from "vitest";
import { readPreferences } from "../../src/ui/desk/preferences.ts";

test("nothing kept: the person is asked before a large download", () => {
  expect(readPreferences(null)).toMatchObject({ quality: "ask", provider: "auto", theme: "system", format: "png" });
});

test("what was chosen is remembered", () => {
  expect(readPreferences('{"quality":"small","provider":"wasm","export_quality":75}')).toMatchObject({
    quality: "small",
    provider: "wasm",
    export_quality: 75,
  });
});

test.each(["{", "7", "null", '{"quality":"huge","export_quality":9000}'])("%s does no harm", (text) => {
  const kept = readPreferences(text);
  expect(kept.quality).toBe("ask");
  expect(kept.export_quality).toBeLessThanOrEqual(100);
});
