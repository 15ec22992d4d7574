/** The studio's worker. It starts the engine's, which is ended to cancel a network. */
import { showLife } from "./alive.ts";
import { type Channel, serve } from "./bridge.ts";
import { studio } from "./studio.ts";

const spawn = (): Worker =>
  new Worker(new URL("../engines/engine.worker.ts", import.meta.url), { type: "module", name: "feathercut-engine" });

showLife(self as unknown as Channel);
serve(self as unknown as Channel, studio(spawn));
