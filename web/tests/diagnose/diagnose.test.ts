import { expect, test } from "vitest";
import { LOOKS, reportOn } from "../../src/diagnose/diagnose.ts";
import { evidenceOf, reduced } from "../../src/diagnose/evidence.ts";
import { boxOfCells, count } from "../../src/diagnose/sign.ts";
import signs from "../../src/diagnose/signs.json" with { type: "json" };
import { NO_METADATA, type Size } from "../../src/pictures.ts";
import type { Kind, Report } from "../../src/report.ts";
import { en } from "../../src/strings/en.ts";
import { goldenCases } from "../golden.ts";
import { type Disc, drawn, photoOf } from "./discs.ts";

type Looks = Record<string, [strength: number, cells: number, box: number[]]>;
interface Expected {
  readonly confidence: number;
  readonly verdict: Report["verdict"];
  readonly method: Report["method"];
  readonly findings: readonly [string, string, number[]][];
}

goldenCases("diagnosis").forEach((one, i) => {
  const size = one.size as Size;
  const discs = one.discs as Disc[];
  const photo = {
    size,
    rgb: photoOf(size, one.ground as number[], discs),
    alpha: null,
    metadata: NO_METADATA,
  };
  const predictions = (one.answers as Disc[][]).map((each) => ({
    size,
    alpha: drawn(size, each),
    inside: [0, 0, ...size] as const,
    model: "golden",
    resample: "bilinear" as const,
  }));
  const matte = { size, alpha: drawn(size, discs) };

  test(`diagnosis ${i}: signs`, () => {
    const evidence = evidenceOf(photo, predictions, matte);
    for (const [kind, [strength, cells, box]] of Object.entries(one.looks as Looks)) {
      const [shows, marks] = LOOKS[kind as keyof typeof LOOKS](evidence);
      expect(Math.abs(shows - strength), `${kind}: ${shows} where ${strength} was expected`).toBeLessThan(1e-5);
      expect(marks ? count(marks) : 0, kind).toBe(cells);
      expect(marks ? (boxOfCells(marks, evidence.grid, size) ?? []) : [], kind).toEqual(box);
    }
  });

  test(`diagnosis ${i}: report`, () => {
    const { confidence, verdict, method, findings } = one.expected as Expected;
    const report = reportOn(evidenceOf(photo, predictions, reduced(matte)));
    expect(Math.abs(report.confidence - confidence)).toBeLessThan(1e-5);
    expect(report.method).toBe(method);
    expect(report.verdict).toBe(verdict);
    expect(report.findings.map(({ kind, severity, place }) => [kind, severity, place?.box ?? []])).toEqual(findings);
  });
});

test("every sign of Python's is known here, with words", () => {
  const kinds = signs.signs.map(({ kind }) => kind).sort();
  expect(Object.keys(LOOKS).sort()).toEqual(kinds);
  expect(Object.keys(en.hints.todo).sort()).toEqual(kinds);
  for (const { kind, sentence } of signs.signs) expect(en.hints.says[kind as Kind]).toBe(sentence);
});
