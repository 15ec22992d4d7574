/** What is asked of the worker that runs networks. */
import type { Network, Provider } from "../models/manifest.ts";
import type { Progress } from "../session.ts";
import type { Tensor } from "./engine.ts";

export interface Where {
  readonly provider: Provider;
  readonly threads: number;
  /** The address below which the networks lie. */
  readonly base: string;
}

export type EngineCalls = {
  /** Makes the runtime ready, perhaps long before a network is wanted. */
  start: { give: Where; tell: never; get: undefined };
  /** Makes a network ready before it is wanted; `practises`: and the runtime's code quick by a run on nothing, if there is time. */
  ahead: { give: { where: Where; network: Network; practises: boolean }; tell: never; get: undefined };
  /** Makes a network ready, fetching it where it must be. `keeps` names those loaded before that may stay. */
  load: { give: { where: Where; network: Network; keeps: readonly string[] }; tell: Progress; get: undefined };
  /** Waits for what was loaded last, so that both can be asked at once. */
  run: { give: { file: string; input: Tensor }; tell: never; get: readonly Tensor[] };
};
