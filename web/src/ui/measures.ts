/** Bytes and seconds as people read them. */
import { words } from "../strings/words.ts";

/** Decimal units, as file managers and data plans count. */
export function bytesText(bytes: number): string {
  const units = words.units.bytes;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 1 && value < 9.95 ? 1 : 0;
  // A number and its unit stay on one line.
  return `${number(value, digits)}\u00a0${units[unit]}`;
}

export function secondsText(seconds: number): string {
  if (seconds >= 90) return words.units.minutes(number(seconds / 60, 0));
  return words.units.seconds(number(seconds, seconds < 9.95 ? 1 : 0));
}

/** By their digits: to make one takes milliseconds. */
const formats: Intl.NumberFormat[] = [];

function number(value: number, digits: number): string {
  const format =
    formats[digits] ??
    new Intl.NumberFormat(words.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats[digits] = format;
  return format.format(value);
}
