/** A subject in front of a plain backdrop, by how far each colour is from it. Sources are in Python's `kernels/plain.py`. */
import type { Size } from "../pictures.ts";
import { bettered, eachRow, farFrom, type Plate, smoothPlate } from "./backdrop.ts";
import { gaussianBlur } from "./composite.ts";
import { label, spread } from "./pieces.ts";
import { median, picked } from "./quantile.ts";
import { gathered } from "./resample.ts";
import { roundEven } from "./rounding.ts";
import { type Rows, rowsOf } from "./rows.ts";
import { type Marks, markedWhere } from "./windows.ts";

/** Of the shorter side, at three sides: what is taken for the backdrop at first. */
const BORDER = 0.04;
/** A border that lies farther from a smooth surface than this, at the median, is no plain backdrop. */
const UNEVEN = 0.05;
const ROUNDS = 3;
/** A pixel is not the backdrop's from so many times the usual distance on. */
const [FAR, LEAST_FAR] = [4, 0.025];
/** A shadow leaves at least this of the light, and changes the colour by less. */
const [DARKEST, TINT] = [0.35, 0.03];
/** Within so many px a shadow is as smooth as the backdrop: the subject, be it of the same colour, seldom is. */
const [NEAR_PX, ROUGHER, LEAST_ROUGH] = [2, 1.7, 0.003];
/** Of the shorter side: how far on either side of an outline alpha is to be solved for. */
const BAND = 1 / 80;
/** Of the photo: smaller places of the backdrop's colour inside the subject are the subject's own. */
const LEAST_HOLE = 2e-4;

/** What is surely the backdrop (0), surely the subject (1) and what is neither (0.5), H×W; null for no plain backdrop. */
export function plainTrimap(photo: Rows): Float32Array | null {
  const { size } = photo;
  const border = borderOf(size);
  const usual = (far: Float32Array): number => median(picked(far, border));
  const near = (far: Float32Array): Marks => {
    const reach = Math.max(FAR * usual(far), LEAST_FAR);
    return markedWhere(far, (value) => value < reach);
  };
  let behind = smoothPlate(photo, border);
  let far = farFrom(photo, behind);
  if (usual(far) > UNEVEN) return null;
  for (let round = 0; round < ROUNDS; round++) {
    behind = smoothPlate(photo, near(far));
    far = farFrom(photo, behind);
  }
  behind = bettered(photo, behind, near(far));
  const shows = near(farFrom(photo, behind));
  const shaded = shadedBy(photo, behind, shows);
  const open = opened(
    shows.map((mark, i) => mark | shaded[i]!),
    size,
  );
  return band(
    open.map((mark) => 1 - mark),
    size,
  );
}

/** A trimap around the outline of what is marked. */
function band(subject: Marks, size: Size): Float32Array {
  const radius = Math.max(2, roundEven(BAND * Math.min(...size)));
  const wide = spread(subject, size, radius);
  const beyond = spread(
    subject.map((mark) => 1 - mark),
    size,
    radius,
  );
  const trimap = new Float32Array(wide.length).fill(0.5);
  for (let i = 0; i < trimap.length; i++) {
    if (!beyond[i]) trimap[i] = 1;
    else if (!wide[i]) trimap[i] = 0;
  }
  return trimap;
}

function borderOf([height, width]: Size): Marks {
  const side = Math.max(1, roundEven(BORDER * Math.min(height, width)));
  const marks = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = marks.subarray(y * width, (y + 1) * width);
    if (y < side) row.fill(1);
    else row.fill(1, 0, side).fill(1, Math.max(0, width - side));
  }
  return marks;
}

/** Where the backdrop is darker and no rougher than where it `shows`. */
function shadedBy(photo: Rows, behind: Plate, shows: Marks): Marks {
  const { size } = photo;
  const light = new Float32Array(shows.length);
  const tinted = new Uint8Array(shows.length);
  eachRow(photo, behind, (y, own, back) => {
    for (let x = 0, i = y * size[1]; x < own.length; x += 3, i++) {
      let [along, whole, tint] = [0, 0, 0];
      for (let c = x; c < x + 3; c++) {
        along += own[c]! * back[c]!;
        whole += back[c]! * back[c]!;
      }
      light[i] = along / Math.max(whole, 1e-6);
      for (let c = x; c < x + 3; c++) tint += (own[c]! - light[i]! * back[c]!) ** 2;
      if (Math.sqrt(tint) >= TINT) tinted[i] = 1;
    }
  });
  const blurred = (plane: Float32Array): Float32Array => gathered(gaussianBlur(rowsOf(plane, size, 1), NEAR_PX));
  const smooth = blurred(light);
  const rough = blurred(light.map((value, i) => Math.abs(value - smooth[i]!)));
  const there = picked(rough, shows);
  const most = Math.max(ROUGHER * (there.length ? median(there) : 0), LEAST_ROUGH);
  return markedWhere(light, (value, i) => value > DARKEST && value <= 1 + TINT && !tinted[i] && rough[i]! < most);
}

/** Pieces of `maybe` that touch the border, and inside the subject those that are not small. */
function opened(maybe: Marks, size: Size): Marks {
  const [height, width] = size;
  const { labels, count } = label(maybe, size);
  const areas = new Uint32Array(count + 1);
  for (const piece of labels) areas[piece]!++;
  const keeps = Uint8Array.from(areas, (area) => (area > LEAST_HOLE * labels.length ? 1 : 0));
  for (let x = 0; x < width; x++) keeps[labels[x]!] = keeps[labels[(height - 1) * width + x]!] = 1;
  for (let y = 0; y < height; y++) keeps[labels[y * width]!] = keeps[labels[(y + 1) * width - 1]!] = 1;
  keeps[0] = 0;
  return maybe.map((_, i) => keeps[labels[i]!]!);
}
