/** Every action: what lies in this folder. */
import type { Action } from "./action.ts";

export type { Action } from "./action.ts";

const found = import.meta.glob<Action>(["./*.ts", "!./index.ts", "!./action.ts"], { eager: true, import: "action" });

export const ACTIONS: readonly Action[] = Object.values(found);

export function actionNamed(name: string): Action {
  return ACTIONS.find((action) => action.name === name)!;
}
