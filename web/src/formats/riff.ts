/** WebP's chunks: name, length, content, a byte of padding after an odd length. Twin of Python's `riff.py`. */
import { ascii, concat, latin1, little, littleBytes } from "./bytes.ts";
import { cutShort } from "./damage.ts";

export function* riffChunks(bytes: Uint8Array, start = 12): Generator<readonly [name: string, content: Uint8Array]> {
  let at = start;
  while (at + 8 <= bytes.length) {
    const length = little(bytes, at + 4, 4);
    if (at + 8 + length > bytes.length) throw cutShort("WebP");
    yield [ascii(bytes, at, 4), bytes.subarray(at + 8, at + 8 + length)];
    at += 8 + length + (length % 2);
  }
}

export function riffChunk(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat([latin1(name), littleBytes(content.length, 4), content, new Uint8Array(content.length % 2)]);
}

/** A WebP file of these chunks. */
export function webpOf(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return concat([latin1("RIFF"), littleBytes(length, 4), latin1("WEBP"), ...parts]);
}
