/** Stands in for the machinery until it is here. */
import { FeathercutError } from "../../errors.ts";
import { NO_METADATA } from "../../pictures.ts";
import type { Explained, Found, Machine, Photo, Progress, Session } from "../../session.ts";

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

let ids = 0;
let isFetched = false;

export function createSession(): Session {
  let machine: Machine | null = null;
  return {
    get machine() {
      return machine;
    },
    configure: () => {},
    cost: async (quality) => (isFetched ? 0 : quality === "small" ? 18_800_000 : 107_000_000),
    async open(file, name, signal) {
      await wait(300, signal);
      const bitmap = await createImageBitmap(file).catch(() => {
        throw new FeathercutError("not-a-picture", `${name}: not a picture that can be read`);
      });
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const rgb = new Uint8Array((data.length / 4) * 3);
      for (let i = 0, j = 0; i < data.length; i += 4) {
        rgb[j++] = data[i]!;
        rgb[j++] = data[i + 1]!;
        rgb[j++] = data[i + 2]!;
      }
      const size = [bitmap.height, bitmap.width] as const;
      return {
        id: ++ids,
        name,
        sha256: `${name}${file.size}`,
        size,
        rgb,
        alpha: null,
        metadata: NO_METADATA,
        notes: [],
      };
    },
    async *cutOut(photo, quality, report, signal) {
      const slow = Number(new URLSearchParams(location.search).get("slow") ?? 1);
      for (let i = 0; i <= 10; i++) {
        report(progress("download", "u2netp", i * 460_000, 4_600_000, (10 - i) / 10));
        await wait(60 * slow, signal);
      }
      report(progress("run", "u2netp"));
      await wait(300 * slow, signal);
      machine = {
        provider: "wasm",
        threads: 2,
        is_isolated: crossOriginIsolated,
        precision: "fp32",
        why: "There is no WebGPU here.",
      };
      yield found(photo, quality === "small", ["u2netp"], 1.3);
      if (quality === "small") return;
      for (let i = 0; i <= 20; i++) {
        report(progress("download", "isnet-general", i * 4_400_000, 88_000_000, 20 - i));
        await wait(80 * slow, signal);
      }
      report(progress("run", "isnet-general"));
      await wait(800 * slow, signal);
      isFetched = true;
      yield found(photo, true, ["u2netp", "isnet-general"], 9.4);
    },
    base: async (photo) => matte(photo),
    smart: async (_photo, _recipe, _act, _box, alpha) => alpha,
    colours: async () => new Uint8Array(0),
    async finish(photo, _recipe, alpha, format, _quality, signal) {
      await wait(500, signal);
      const [height, width] = photo.size;
      const pixels = new ImageData(width, height);
      for (let i = 0; i < alpha.length; i++) {
        for (let c = 0; c < 3; c++) pixels.data[i * 4 + c] = photo.rgb[i * 3 + c]!;
        pixels.data[i * 4 + 3] = alpha[i]! * 255;
      }
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d")!.putImageData(pixels, 0, 0);
      return {
        blob: await canvas.convertToBlob({ type: "image/png" }),
        name: `${photo.name.replace(/\.\w+$/, "")}-cutout.${format}`,
      };
    },
    async *explain(photo, report, signal) {
      const ids: Explained["id"][] = [
        "input",
        "depth-6",
        "depth-5",
        "depth-4",
        "depth-3",
        "depth-2",
        "depth-1",
        "matte",
        "edges",
        "colours",
      ];
      report(progress("run", "isnet-general"));
      for (const id of ids) {
        await wait(150, signal);
        yield { id, size: photo.size, rgb: photo.rgb };
      }
    },
    close: () => {},
  };
}

function progress(stage: Progress["stage"], what: string, done = 0, total = 0, left_s: number | null = null): Progress {
  return { stage, what, done, total, left_s };
}

function found(photo: Photo, is_final: boolean, models: string[], seconds: number): Found {
  return {
    alpha: matte(photo),
    is_final,
    is_empty: false,
    recipe: { predictions: [], presence: 0.4, specks: 0.05, edges: "photo" },
    models,
    seconds,
  };
}

/** An oval in the middle. */
function matte({ size: [height, width] }: Photo): Float32Array {
  const alpha = new Float32Array(height * width);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const r = Math.hypot((x / width - 0.5) / 0.36, (y / height - 0.52) / 0.44);
      alpha[y * width + x] = Math.min(1, Math.max(0, (1 - r) * 20 + 0.5));
    }
  return alpha;
}
