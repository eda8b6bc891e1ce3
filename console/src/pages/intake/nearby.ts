/** Open incidents near a place or from the same number: shown, never attached by themselves. */

import type { CallRow, IncidentRow, PremiseNoteRow, PremiseRow } from "../../api/rows";
import type { ChosenPlace } from "./draft";

export const NEAR_M = 500;
export const RECENT_MS = 30 * 60_000;

export interface Nearby {
  row: IncidentRow;
  distanceM: number | null;
  isSameNumber: boolean;
  isSuggested: boolean;
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

export interface Around {
  place: ChosenPlace | null;
  callerNumber: string;
  ownIncidentId: string;
  nowMs: number;
  /** Those that a person has said are another matter. */
  dismissedIds?: readonly string[];
  /** Those that the server suggests for the incident that is open already. */
  suggestedIds?: readonly string[];
}

export function listNearby(
  incidents: Record<string, IncidentRow>,
  calls: Record<string, CallRow>,
  around: Around,
): Nearby[] {
  const number = around.callerNumber.trim();
  const found: Nearby[] = [];
  for (const row of Object.values(incidents)) {
    if (row.incident_id === around.ownIncidentId) continue;
    if (around.dismissedIds?.includes(row.incident_id)) continue;
    const isSuggested = around.suggestedIds?.includes(row.incident_id) ?? false;
    const away = around.place && row.is_placed ? distanceM(around.place, row) : null;
    const isRecent = around.nowMs - row.opened_at_ms <= RECENT_MS;
    const isNear = away !== null && away <= NEAR_M && isRecent;
    const isSameNumber =
      number !== "" && row.call_ids.some((id) => calls[id]?.caller_number === number);
    if (isNear || isSameNumber || isSuggested) {
      found.push({ row, distanceM: away, isSameNumber, isSuggested });
    }
  }
  return found.sort((a, b) => (a.distanceM ?? Infinity) - (b.distanceM ?? Infinity));
}

/**
 * The list as it was painted, with what is new behind it: the first one must not become another
 * between the eye and the key.
 */
export function keepOrder(found: readonly Nearby[], paintedIds: readonly string[]): Nearby[] {
  const at = (each: Nearby): number => {
    const i = paintedIds.indexOf(each.row.incident_id);
    return i < 0 ? paintedIds.length : i;
  };
  return [...found].sort((a, b) => at(a) - at(b));
}

/** Dangers of places within whose radius a place lies, nearest first. */
export function premisesNear(
  notes: Record<string, PremiseNoteRow>,
  place: { lat: number; lon: number },
): PremiseRow[] {
  return Object.values(notes)
    .map((note) => ({ ...note, distance_m: distanceM(place, note) }))
    .filter((note) => note.distance_m <= note.radius_m)
    .sort((a, b) => a.distance_m - b.distance_m)
    .map(({ note_id, kind, text, distance_m, expires_at_ms }) => ({
      note_id,
      kind,
      text,
      distance_m: Math.round(distance_m),
      expires_at_ms,
    }));
}
