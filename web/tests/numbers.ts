/** Numbers that Python's golden files are made from: no file holds them, both languages compute them. */

/** A lattice sequence of `count` multiples of 1/15, which 8 and 16 bits hold exactly. */
export function fifteenths(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.floor((((i + 1) * 0.6180339887498949) % 1) * 16) / 15);
}

/** As `fifteenths`, of 1/16. */
export function sixteenths(count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => Math.floor(Math.fround(((i + 1) * 0.6180339887498949) % 1) * 16) / 16,
  );
}

/** Floats as 16-bit samples. */
export function deep(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => Math.round(value * 65535));
}

/** A profile from a golden file. */
export function profileOf(text: unknown): Uint8Array | null {
  return typeof text === "string" ? Uint8Array.from(Buffer.from(text, "base64")) : null;
}
