/** Reading and joining bytes. Reads past the end give what is there: callers compare lengths where it counts. */

/** `count` bytes from `at` as Latin-1 text. */
export function ascii(bytes: Uint8Array, at: number, count: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + count));
}

export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** An unsigned number of up to six bytes, the highest first. */
export function big(bytes: Uint8Array, at: number, count: number): number {
  let number = 0;
  for (let i = 0; i < count; i++) number = number * 256 + (bytes[at + i] ?? 0);
  return number;
}

/** An unsigned number of up to six bytes, the lowest first. */
export function little(bytes: Uint8Array, at: number, count: number): number {
  let number = 0;
  for (let i = count - 1; i >= 0; i--) number = number * 256 + (bytes[at + i] ?? 0);
  return number;
}

export function startsWith(bytes: Uint8Array, start: string): boolean {
  if (bytes.length < start.length) return false;
  for (let i = 0; i < start.length; i++) if (bytes[i] !== start.charCodeAt(i)) return false;
  return true;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Numbers as bytes, the highest first: `bigBytes([[1, 2], [7, 4]])` is 00 01 00 00 00 07. */
export function bigBytes(numbers: readonly (readonly [value: number, count: number])[]): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  for (const [value, count] of numbers) {
    for (let i = count - 1; i >= 0; i--) out.push(Math.floor(value / 256 ** i) & 255);
  }
  return Uint8Array.from(out);
}

/** A whole number as `count` bytes, the lowest first. */
export function littleBytes(value: number, count: number): Uint8Array<ArrayBuffer> {
  return bigBytes([[value, count]]).reverse();
}
