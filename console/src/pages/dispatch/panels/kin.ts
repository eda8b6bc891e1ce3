/** Which other incidents may be meant, and what a decision about two of them will change. Pure. */

import type { IncidentRow } from "../../../api/rows";
import { distanceM } from "../../intake/nearby";

export const NEAR_M = 500;
const MAX_LISTED = 12;

export interface Other {
  row: IncidentRow;
  distanceM: number | null;
  apartMs: number;
  isSuggested: boolean;
  isLinked: boolean;
}

/** Suggested ones first, then linked ones, then what is near, nearest first. */
export function listOthers(row: IncidentRow, incidents: Record<string, IncidentRow>): Other[] {
  const found: Other[] = [];
  for (const other of Object.values(incidents)) {
    if (other.incident_id === row.incident_id) continue;
    const away = row.is_placed && other.is_placed ? distanceM(row, other) : null;
    const isSuggested = row.duplicate_ids.includes(other.incident_id);
    const isLinked = row.linked_ids?.includes(other.incident_id) ?? false;
    if (!isSuggested && !isLinked && (away === null || away > NEAR_M)) continue;
    const apartMs = Math.abs(row.opened_at_ms - other.opened_at_ms);
    found.push({ row: other, distanceM: away, apartMs, isSuggested, isLinked });
  }
  const rank = (each: Other): number => (each.isSuggested ? 0 : each.isLinked ? 1 : 2);
  found.sort((a, b) => rank(a) - rank(b) || (a.distanceM ?? Infinity) - (b.distanceM ?? Infinity));
  return found.slice(0, MAX_LISTED);
}

/** Orders that keep an incident from being merged into another: not yet fed back, nor withdrawn. */
export function blockingOrders(child: IncidentRow): string[] {
  return child.orders
    .filter((order) => order.state !== "fed_back" && order.state !== "withdrawn")
    .map((order) => order.order_id);
}
