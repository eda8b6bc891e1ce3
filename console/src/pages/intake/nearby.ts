/** Open incidents near a place or from the same number: shown, never attached by themselves. */

import type { CallRow, IncidentRow } from "../../api/rows";
import type { ChosenPlace } from "./draft";

export const NEAR_M = 500;
export const RECENT_MS = 30 * 60_000;

export interface Nearby {
  row: IncidentRow;
  distanceM: number | null;
  isSameNumber: boolean;
}

const EARTH_M = 6_371_000;

export function distanceM(
  a: { lat: number; lon: number },
  b: { lat: number; lon: number },
): number {
  const rad = Math.PI / 180;
  const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return Math.hypot(x, (b.lat - a.lat) * rad) * EARTH_M;
}

export function listNearby(
  incidents: Record<string, IncidentRow>,
  calls: Record<string, CallRow>,
  around: { place: ChosenPlace | null; callerNumber: string; ownIncidentId: string; nowMs: number },
): Nearby[] {
  const number = around.callerNumber.trim();
  const found: Nearby[] = [];
  for (const row of Object.values(incidents)) {
    if (row.incident_id === around.ownIncidentId) continue;
    const away = around.place && row.is_placed ? distanceM(around.place, row) : null;
    const isRecent = around.nowMs - row.opened_at_ms <= RECENT_MS;
    const isNear = away !== null && away <= NEAR_M && isRecent;
    const isSameNumber =
      number !== "" && row.call_ids.some((id) => calls[id]?.caller_number === number);
    if (isNear || isSameNumber) found.push({ row, distanceM: away, isSameNumber });
  }
  return found.sort((a, b) => (a.distanceM ?? Infinity) - (b.distanceM ?? Infinity));
}
