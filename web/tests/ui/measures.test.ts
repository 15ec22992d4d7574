import { expect, test } from "vitest";
import { bytesText, secondsText } from "../../src/ui/measures.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [4_574_861, "4.6 MB"],
  [88_188_479, "88 MB"],
  [1_200_000_000, "1.2 GB"],
  [999_600, "1.0 MB"],
])("%i bytes are %s", (bytes, text) => {
  expect(bytesText(bytes).replace("\u00a0", " ")).toBe(text);
});

test.each([
  [1.24, "1.2 s"],
  [14.4, "14 s"],
  [120, "2 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(secondsText(seconds).replace("\u00a0", " ")).toBe(text);
});
