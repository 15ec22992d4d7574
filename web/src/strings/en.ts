/** Every word that the page says, in English. Another language is a file of this shape. */
import { editing } from "./en/editing.ts";
import { hints } from "./en/hints.ts";
import { page } from "./en/page.ts";
import { errors, telling } from "./en/telling.ts";

export const en = { name: "Feathercut", language: "en", errors, ...page, ...editing, ...telling, hints };

export type Words = typeof en;
