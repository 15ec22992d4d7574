/** Nothing was found: the matte is empty. */
import type { Look } from "./sign.ts";

export const look: Look = ({ matte }) => [matte.some((alpha) => alpha !== 0) ? 0 : 1, null];
