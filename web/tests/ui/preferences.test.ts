import { expect, test, vi } from "vitest";
import { readPreferences, staysOnceWanted } from "../../src/ui/desk/preferences.ts";
import { Store } from "../../src/ui/desk/store.ts";

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

test("once the large network is wanted the browser is asked to keep what was fetched, once", () => {
  const persist = vi.fn(async () => true);
  vi.stubGlobal("navigator", { storage: { persist } });
  const preferences = new Store(readPreferences(null));
  staysOnceWanted(preferences);
  preferences.change({ theme: "dark" });
  preferences.change({ quality: "small" });
  expect(persist).not.toHaveBeenCalled();
  preferences.change({ quality: "full" });
  preferences.change({ theme: "light" });
  expect(persist).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});
