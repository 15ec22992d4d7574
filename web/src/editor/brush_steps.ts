/** By how much keys change the brush. */

/** The next smaller diameter in px: by a tenth, at least one px. */
export function smaller(diameter_px: number): number {
  return Math.max(1, Math.min(diameter_px - 1, Math.round(diameter_px / 1.1)));
}

export function larger(diameter_px: number): number {
  return Math.max(diameter_px + 1, Math.round(diameter_px * 1.1));
}

/** `value` and `by`, in whole tenths between 0 and 1. */
export function stepped(value: number, by: number): number {
  return Math.round(Math.min(1, Math.max(0, value + by)) * 10) / 10;
}
