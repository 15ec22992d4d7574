/** What `scripts/golden_diagnosis.py` draws: discs in sixteenths of cover, and a photo of them on cloth. */
import type { Size } from "../../src/pictures.ts";

export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly soft: number;
  readonly level: number;
  readonly colour: readonly number[];
}

function cover({ x, y, radius, soft }: Disc, row: number, column: number): number {
  const share = (radius - Math.hypot(column - x, row - y)) / soft + 0.5;
  return Math.floor(Math.min(1, Math.max(0, share)) * 16) / 16;
}

export function drawn([height, width]: Size, discs: readonly Disc[]): Float32Array {
  return Float32Array.from({ length: height * width }, (_, at) => {
    const [y, x] = [Math.floor(at / width), at % width];
    return discs.reduce((most, disc) => Math.max(most, disc.level * cover(disc, y, x)), 0);
  });
}

export function photoOf([height, width]: Size, ground: readonly number[], discs: readonly Disc[]): Float32Array {
  const rgb = new Float32Array(3 * height * width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let colour = ground;
      for (const disc of discs) {
        const share = disc.level * cover(disc, y, x);
        colour = colour.map((value, channel) => share * disc.colour[channel]! + (1 - share) * value);
      }
      const cloth = (((x * x * 3 + y * 17 + x * y) % 41) - 20) / 640;
      for (const value of colour) rgb[i++] = Math.min(1, Math.max(0, value + cloth));
    }
  }
  return rgb;
}
