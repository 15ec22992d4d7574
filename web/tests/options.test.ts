import { expect, test } from "vitest";
import { DEFAULTS, OPTIONS } from "../src/options.ts";

test("sliders have the ranges and defaults of Python", () => {
  expect(DEFAULTS.decontaminate).toBe(100);
  expect(OPTIONS.edge_shift).toMatchObject({ default: 0, least: -100, most: 100 });
  expect(OPTIONS.edges.choices).toEqual(["photo", "network"]);
});
