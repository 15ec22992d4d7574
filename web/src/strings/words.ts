/** The words of the person's language; English until there is another file beside it. */
import { en, type Words } from "./en.ts";

export const words: Words = en;
