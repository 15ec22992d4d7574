/** A photo and what networks might make of it: the twin of `scripts/golden_scene.py`, equal to the last bit. */
import type { Image, Prediction, Size } from "../src/pictures.ts";

export const SCENE: Size = [660, 880];
const [HEIGHT, WIDTH] = SCENE;
const [CENTRE_Y, CENTRE_X, RADIUS, STRANDS] = [330, 400, 180, 70];
const [FIRST, SECOND] = [220, 80];
const SECOND_INSIDE = [10, 0, 70, 80] as const;

const ramp = (value: number): number => Math.min(Math.max(value, 0), 1);
const distance = (y: number, x: number, cy: number, cx: number): number =>
  Math.sqrt((y - cy) * (y - cy) + (x - cx) * (x - cx));
const away = (y: number, x: number): number => distance(y, x, CENTRE_Y, CENTRE_X);
const aroundHole = (y: number, x: number): number => ramp(distance(y, x, 300, 440) - 30);
const glass = (y: number, x: number): number => ramp((70 - distance(y, x, 330, 600)) / 4) * 0.5;
const speck = (y: number, x: number): number => ramp(6 - distance(y, x, 60, 820));

function truth(y: number, x: number): number {
  const far = away(y, x);
  const body = Math.min(ramp(RADIUS - far), aroundHole(y, x));
  const isStrand = (Math.floor(x) * 3 + Math.floor(y) * 5) % 12 < 4;
  const strands = isStrand && far > RADIUS - 5 ? ramp(1 - (far - RADIUS) / STRANDS) * 0.8 : 0;
  return Math.max(body, strands, glass(y, x), speck(y, x));
}

/** The photo, in 8 bits; `isShownThrough` makes its lower rows half transparent. */
export function scene(isShownThrough: boolean, profile: Uint8Array | null): Image {
  const rgb = new Uint8Array(3 * HEIGHT * WIDTH);
  const alpha = isShownThrough ? new Uint8Array(HEIGHT * WIDTH) : null;
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i++) {
      const share = truth(y + 0.5, x + 0.5);
      const grain = (x * 7 + y * 13 + ((x * y) % 31) * 5) % 24;
      const other = (x * 5 + y * 11 + ((x * y) % 17) * 3) % 16;
      const behind = [
        40 + Math.floor((x * 120) / WIDTH) + grain,
        90 + Math.floor((y * 100) / HEIGHT) + other,
        150 + grain,
      ];
      const own = [190 + other, 100 + Math.floor((y * 60) / HEIGHT) + grain, 40 + other];
      for (let c = 0; c < 3; c++) rgb[3 * i + c] = Math.floor(share * own[c]! + (1 - share) * behind[c]! + 0.5);
      if (alpha) alpha[i] = y < HEIGHT - 120 ? 255 : 255 - (y - (HEIGHT - 120)) * 2;
    }
  }
  return { size: SCENE, rgb, alpha, metadata: { profile, dpi: null, exif: null } };
}

/** A drawing with soft strands whose left is grey, and a coarse body that knows of no hole, on a letterbox. */
export function scenePredictions(): readonly Prediction[] {
  const drawing = canvas(FIRST, [0, 0, FIRST, FIRST], (y, x) => {
    const drawn = Math.min(ramp((RADIUS + 35 - away(y, x)) / 70), aroundHole(y, x));
    return Math.max(x < CENTRE_X - 60 ? drawn * 0.4 : drawn, glass(y, x), speck(y, x));
  });
  const body = canvas(SECOND, SECOND_INSIDE, (y, x) => ramp((RADIUS - away(y, x)) / 16 + 0.5));
  return [
    { size: [FIRST, FIRST], alpha: drawing, inside: [0, 0, FIRST, FIRST], model: "drawing", resample: "bilinear" },
    { size: [SECOND, SECOND], alpha: body, inside: SECOND_INSIDE, model: "body", resample: "bilinear" },
  ];
}

function canvas(
  side: number,
  [top, left, bottom, right]: readonly [number, number, number, number],
  value: (y: number, x: number) => number,
): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side), i % side];
    return value(((row - top + 0.5) * HEIGHT) / (bottom - top), ((column - left + 0.5) * WIDTH) / (right - left));
  });
}
