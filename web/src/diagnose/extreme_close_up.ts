/** The subject fills the frame: hardly any background is left to tell it from. */
import { count, type Look } from "./sign.ts";

export const look: Look = ({ subject }) => [count(subject) / subject.length, subject];
