/**
 * How far a matte can be trusted, from numbers that grow with its error: what is left undecided in it, what the drawing
 * network left undecided, and how far the others are from that. Sources and fits are Python's (`diagnose/confidence.py`).
 */
import type { Finding, Verdict } from "../report.ts";
import type { Evidence } from "./evidence.ts";
import written from "./signs.json" with { type: "json" };

const { right, least, look, redo, several, alone } = written.confidence;

/** What is undecided: in the matte, in the drawing, and, where there are several networks, between them. */
function numbersOf({ matte, answers }: Evidence): number[] {
  const left = meanOf(matte, (alpha) => Math.min(alpha, 1 - alpha));
  const [drawn, ...others] = answers;
  if (!drawn) return [left, left];
  const apart = others.map((other) => meanOf(drawn, (alpha, at) => Math.abs(alpha - other[at]!)));
  const undecided = meanOf(drawn, (alpha) => Math.min(alpha, 1 - alpha));
  return [left, undecided, ...(apart.length ? [Math.max(...apart)] : [])];
}

/** 0 to 1; 0 where there is no subject. */
export function confidenceOf(evidence: Evidence): number {
  if (!evidence.matte.some((alpha) => alpha !== 0)) return 0;
  const numbers = numbersOf(evidence);
  const { start, slope, scatter } = numbers.length > 2 ? several : alone;
  const mean = numbers.reduce((sum, number) => sum + Math.log(number + least), 0) / numbers.length;
  const more = (start + slope * mean - Math.log(right + least)) / scatter;
  return 1 / (1 + Math.exp(Math.min(more, 60)));
}

/** What to do with the matte. */
export function verdictOf(confidence: number, findings: readonly Finding[]): Verdict {
  const has = (severity: Finding["severity"]): boolean => findings.some((finding) => finding.severity === severity);
  if (confidence < redo || has("serious")) return "redo";
  return confidence < look || has("warning") ? "look" : "fine";
}

function meanOf(values: Float32Array, of: (value: number, at: number) => number): number {
  return values.reduce((sum, value, at) => sum + of(value, at), 0) / values.length;
}
