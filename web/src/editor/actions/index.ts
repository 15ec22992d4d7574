/** Every action: what lies in this folder, in the order in which people come to use them. */
import type { Action } from "./action.ts";

export type { Action } from "./action.ts";

/** From the first thing that a person does to the last; what is not named comes after them. */
const ORDER =
  "restore erase smart-restore smart-erase lasso rectangle hand swap-mode take-away " +
  "brush-smaller brush-larger brush-softer brush-harder brush-lighter brush-stronger undo redo bail " +
  "compare split view-cutout view-overlay view-matte view-original backdrop-checker backdrop-white backdrop-black " +
  "zoom-in zoom-out fit actual-size pan-left pan-right pan-up pan-down";

const found = import.meta.glob<Action>(["./*.ts", "!./index.ts", "!./action.ts"], { eager: true, import: "action" });

export const ACTIONS: readonly Action[] = Object.values(found).sort((one, other) => rank(one) - rank(other));

function rank({ name }: Action): number {
  const order = ORDER.split(" ");
  return order.includes(name) ? order.indexOf(name) : order.length;
}

export function actionNamed(name: string): Action {
  return ACTIONS.find((action) => action.name === name)!;
}
