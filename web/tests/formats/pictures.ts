/** Small pictures whose every pixel is known, and files of kinds that nothing here writes. */
import { bigBytes, concat, latin1, littleBytes } from "../../src/formats/bytes.ts";
import { type Image, type Metadata, NO_METADATA, type Samples, type Size, white } from "../../src/pictures.ts";

/** A picture of soft hills of colour; clear at the left, opaque at the right. */
export function fading(size: Size, metadata: Metadata = NO_METADATA, depth: 8 | 16 = 8): Image {
  const [height, width] = size;
  const make = (count: number): Samples => (depth === 16 ? new Uint16Array(count) : new Uint8Array(count));
  const [rgb, alpha] = [make(height * width * 3), make(height * width)];
  const top = white(rgb);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      for (let c = 0; c < 3; c++) rgb[3 * i + c] = top * (0.5 + 0.5 * Math.sin(x / 9 + c) * Math.cos(y / 7 - c));
      alpha[i] = Math.min(Math.max((x / width) * 2 - 0.5, 0), 1) * top;
    }
  }
  return { size, rgb, alpha, metadata };
}

export function solid(size: Size, metadata: Metadata = NO_METADATA, depth: 8 | 16 = 8): Image {
  return { ...fading(size, metadata, depth), alpha: null };
}

/** `rgb` with no colour where nothing shows. */
export function shown({ rgb, alpha }: Image): Samples {
  return rgb.map((level: number, place: number) => (alpha?.[Math.floor(place / 3)] === 0 ? 0 : level));
}

/** A BMP of 24 bits. */
export function bmp({ rgb, size: [height, width] }: Image): Uint8Array<ArrayBuffer> {
  const row = Math.ceil((width * 3) / 4) * 4;
  const pixels = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) pixels[(height - 1 - y) * row + 3 * x + 2 - c] = rgb[(y * width + x) * 3 + c]!;
    }
  }
  const four = (...values: number[]): Uint8Array[] => values.map((value) => littleBytes(value, 4));
  const info = [
    ...four(40, width, height),
    littleBytes(1, 2),
    littleBytes(24, 2),
    ...four(0, pixels.length, 0, 0, 0, 0),
  ];
  return concat([Uint8Array.of(0x42, 0x4d), ...four(54 + pixels.length, 0, 54), ...info, pixels]);
}

/** A GIF of 3×5 pixels, written out: nine of red on blue, in codes of three bits that never grow. */
export const GIF = Uint8Array.from([
  ...[0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 3, 0, 5, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255],
  ...[0x2c, 0, 0, 0, 0, 3, 0, 5, 0, 0, 2],
  // clear, then pairs of pixels with a clear code between, so that codes stay at three bits.
  ...gifCodes([4, 0, 1, 4, 0, 1, 4, 0, 1, 4, 0, 1, 4, 0, 1, 4, 0, 1, 4, 0, 1, 4, 1, 5]),
  ...[0, 0x3b],
]);

function gifCodes(codes: readonly number[]): number[] {
  const bytes: number[] = [];
  codes.forEach((code, place) => {
    for (let bit = 0; bit < 3; bit++) {
      const at = place * 3 + bit;
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (((code >> bit) & 1) << (at & 7));
    }
  });
  return [bytes.length, ...bytes];
}

/** The frame of a profile of a space ("RGB ", "GRAY") with one tag. */
export function profileWith(space: string, tag: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(128);
  head.set(latin1(`${space}XYZ `), 16);
  head.set(latin1("acsp"), 36);
  return concat([
    head,
    bigBytes([[1, 4]]),
    latin1(tag),
    bigBytes([
      [144, 4],
      [content.length, 4],
    ]),
    content,
  ]);
}

/** Numbers that look random and are the same each time (Park and Miller's generator). */
export function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48271) % 2147483647;
    yield state;
  }
}
