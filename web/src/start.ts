/** The page's first script: small, so that what takes longest begins while the rest is still on its way. */
import { hearArrivals } from "./ui/start/arrivals.ts";
import { spawnEarly } from "./worker/spawning.ts";
import "./ui/styles/index.css";

hearArrivals();
spawnEarly();
void import("./main.tsx");
