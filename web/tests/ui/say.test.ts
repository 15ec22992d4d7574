import { expect, test } from "vitest";
import { FeathercutError } from "../../src/errors.ts";
import { en } from "../../src/strings/en.ts";
import { say } from "../../src/ui/say.ts";

test("an error of ours says its sentence, and keeps its own words as detail", () => {
  const said = say(new FeathercutError("weights", "u2netp.onnx: hash 12 where 34 was expected"));
  expect(said).toEqual({ ...en.errors.weights, detail: "u2netp.onnx: hash 12 where 34 was expected" });
});

test("a full disk is storage whoever met it", () => {
  expect(say(new DOMException("", "QuotaExceededError")).what).toBe(en.errors.storage.what);
});

test("what nobody foresaw still has a sentence", () => {
  expect(say(undefined)).toEqual({ ...en.errors.unknown, detail: "" });
});
