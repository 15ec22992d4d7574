/** The page's first script: small, so that what takes longest begins while the rest is still on its way. */
import { spawnEarly } from "./worker/spawning.ts";
import "./ui/styles/index.css";

spawnEarly();
void import("./main.tsx");
