/** The networks that the page may run, as `feathercut app` wrote them down: `weights/manifest.json`. */
import { FeathercutError } from "../errors.ts";
import type { Resample, Size } from "../pictures.ts";

export const MANIFEST_VERSION = 1;

export type Provider = "wasm" | "webgpu";

/** One file: a network in one precision, for one provider. Rules are those of Python's records. */
export interface Network {
  readonly id: string;
  readonly title: string;
  readonly precision: "int8" | "fp32";
  readonly provider: Provider;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly licence: string;
  readonly input: {
    readonly size: Size;
    readonly fit: "stretch" | "letterbox";
    readonly resample: Resample;
    readonly rounding: "none" | "8-bit";
    readonly scale: "255" | "image-max";
    readonly mean: readonly [number, number, number];
    readonly std: readonly [number, number, number];
  };
  readonly output: {
    readonly activation: "none" | "sigmoid";
    readonly rescale: "none" | "min-max";
    readonly rounding: "none" | "8-bit";
    readonly resample: Resample;
  };
  /** Outputs behind the matte: what the network answers at each depth, the finest first. */
  readonly depths: readonly string[];
  /** Said of a network of one's own that draws the last cutout in the large one's place. */
  readonly is_final?: boolean;
}

/** The small network that draws the first cutout, and the large one that draws the last. */
export const [FIRST, FINAL] = ["u2netp", "isnet-general"];

/** The networks of a manifest. Raises FeathercutError "weights" where it is none, or a newer one. */
export function readManifest(text: string): readonly Network[] {
  let said: { version?: unknown; networks?: unknown };
  try {
    said = JSON.parse(text) as typeof said;
  } catch (error) {
    throw wrong("it is no JSON", error);
  }
  if (typeof said !== "object" || said === null || !Array.isArray(said.networks)) throw wrong("it names no networks");
  if (said.version !== MANIFEST_VERSION) throw wrong(`it has version ${String(said.version)}, not ${MANIFEST_VERSION}`);
  return said.networks.map(checked);
}

/** The file of a network for a provider. Raises FeathercutError "unknown-model" where the page was exported without it. */
export function networkOf(networks: readonly Network[], id: string, provider: Provider): Network {
  const found = networks.find((network) => network.id === id && network.provider === provider);
  if (found) return found;
  throw new FeathercutError(
    "unknown-model",
    `This page was made without the network \`${id}\` for ${provider}. Stay small, or make the page anew with it`,
  );
}

/** The network that draws the last cutout: the one that the page was made with, else the large one. */
export function finalOf(networks: readonly Network[]): string {
  return networks.find((network) => network.is_final)?.id ?? FINAL;
}

/** Whether the network that draws the last cutout is there. */
export function hasFinal(networks: readonly Network[], provider: Provider): boolean {
  const final = finalOf(networks);
  return networks.some((network) => network.id === final && network.provider === provider);
}

function checked(row: unknown): Network {
  const { id, file, bytes, sha256, input, output } = (row ?? {}) as Partial<Network>;
  // A name with a path in it would lead out of the folder of weights.
  const isNamed = typeof id === "string" && typeof file === "string" && /^[\w.-]+$/.test(file);
  const isMeasured = Number.isInteger(bytes) && bytes! > 0 && /^[0-9a-f]{64}$/.test(String(sha256));
  if (!isNamed || !isMeasured) throw wrong(`a network lacks its file, bytes or hash: ${JSON.stringify(id)}`);
  if (input?.size?.length !== 2 || input.mean?.length !== 3 || input.std?.length !== 3 || !output) {
    throw wrong(`\`${id}\` lacks the rules of its input or output`);
  }
  return row as Network;
}

function wrong(why: string, cause?: unknown): FeathercutError {
  return new FeathercutError(
    "weights",
    `weights/manifest.json cannot be used: ${why}. Make the page anew with \`feathercut app\``,
    { cause },
  );
}
