import type { Verdict } from "../../report.ts";
import type { IconName } from "../controls/icon.tsx";

export const VERDICT_ICONS: Readonly<Record<Verdict, IconName>> = { fine: "check", look: "view", redo: "warning" };
