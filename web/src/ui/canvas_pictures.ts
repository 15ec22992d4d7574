/** Background pictures for the screen, by the browser's own decoder. What is saved is read by `formats/` and not by this. */

import type { Words } from "../editor/screen/layers.ts";
import { FeathercutError } from "../errors.ts";
import type { Size } from "../pictures.ts";

/** The picture in `base64` so large that it covers `size`, cut to it in the middle. */
export async function decodePicture(base64: string, [height, width]: Size): Promise<Words> {
  let picture: ImageBitmap;
  try {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    picture = await createImageBitmap(new Blob([bytes]));
  } catch (cause) {
    const message = "The background is not a picture that this browser shows. Choose a JPEG, PNG or WebP.";
    throw new FeathercutError("not-a-picture", message, { cause });
  }
  const scale = Math.max(width / picture.width, height / picture.height);
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d")!;
  const [across, down] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, (width - across) / 2, (height - down) / 2, across, down);
  picture.close();
  const { data } = pen.getImageData(0, 0, width, height);
  return { size: [height, width], words: new Uint32Array(data.buffer) };
}
