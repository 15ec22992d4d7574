/** The studio's worker. It starts the engine's, which is ended to cancel a network. */
import { type Channel, serve } from "./bridge.ts";
import { studio } from "./studio.ts";

const spawn = (): Worker =>
  new Worker(new URL("../engines/engine.worker.ts", import.meta.url), { type: "module", name: "feathercut-engine" });

serve(self as unknown as Channel, studio(spawn));
