import { expect, test } from "vitest";
import { written } from "../../src/ui/keyboard_names.ts";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  [{ ...none, key: "o", ctrlKey: true }, "Control+O"],
  [{ ...none, key: "s", metaKey: true }, "Control+S"],
  [{ ...none, key: "Z", ctrlKey: true, shiftKey: true }, "Control+Shift+Z"],
  [{ ...none, key: "?", shiftKey: true }, "?"],
  [{ ...none, key: "PageDown" }, "PageDown"],
])("%o is %s", (event, name) => {
  expect(written(event)).toBe(name);
});
