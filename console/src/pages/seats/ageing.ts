/** How near its due time an item is: at 60 % it is said, at 100 % it is overdue. */

import type { ItemRow } from "../../api/rows";

export type Age = "in_time" | "soon" | "late";
const SOON_SHARE = 0.6;

/** From when it came where it is, to when it is due. */
export function ageOf(item: Pick<ItemRow, "stage_at_ms" | "due_at_ms">, nowMs: number): Age {
  if (nowMs >= item.due_at_ms) return "late";
  const whole = item.due_at_ms - item.stage_at_ms;
  return nowMs - item.stage_at_ms >= SOON_SHARE * whole ? "soon" : "in_time";
}

/** Overdue first, by what was due longest ago; then by what is due next. */
export function sortItems<T extends Pick<ItemRow, "item_id" | "due_at_ms">>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.due_at_ms - b.due_at_ms || a.item_id.localeCompare(b.item_id));
}
