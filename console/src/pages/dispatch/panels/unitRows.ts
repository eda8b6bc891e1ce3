/** Rows of the unit board: what is said of each unit, how they are ordered, and what a word finds. Pure. */

import type { Positions, UnitRow } from "../../../api/rows";
import { STALE_MOVING_MS, STALE_PARKED_MS, shapeOf } from "../../../map/features";

const PARKED_BELOW_MPS = 1;
/** What can be sent first stands first, then what is bound, then what is away. */
const ORDER = [
  ...["standby", "at_post", "patrolling", "returning"],
  ...["assigned", "en_route", "on_scene", "meal", "training", "elsewhere"],
];
export const SHAPES = { ready: "●", under_way: "▲", on_scene: "■", away: "✕" } as const;

export function shapeIcon(unit: UnitRow): string {
  return SHAPES[shapeOf(unit.state)];
}

export function sortUnits(units: Iterable<UnitRow>): UnitRow[] {
  const at = (unit: UnitRow): number => ORDER.indexOf(unit.state) & 0xff;
  return [...units].sort((a, b) => at(a) - at(b) || a.call_sign.localeCompare(b.call_sign));
}

/** The order as it was, without what is gone, and with what is new at the end. */
export function keepUnits(orderIds: readonly string[], units: Record<string, UnitRow>): string[] {
  const known = new Set(orderIds);
  const added = Object.keys(units).filter((id) => !known.has(id));
  return [...orderIds.filter((id) => id in units), ...added];
}

/** Whether every word is somewhere in what is said of a unit. */
export function isMeant(said: string, texts: readonly string[]): boolean {
  const text = texts.join(" ").toUpperCase();
  const words = said.normalize("NFKC").toUpperCase().split(/\s+/).filter(Boolean);
  return words.every((word) => text.includes(word));
}

export interface Fix {
  atMs: number;
  lat: number;
  lon: number;
  isStale: boolean;
}

/** Where each unit was last seen; an old fix is marked, neither trusted nor hidden. */
export function fixesOf(positions: Positions | null, nowMs: number): Map<string, Fix> {
  const found = new Map<string, Fix>();
  positions?.unit_ids.forEach((id, i) => {
    const [lat, lon, atMs] = [positions.lat[i], positions.lon[i], positions.fix_at_ms[i]];
    if (lat === undefined || lon === undefined || !atMs || !Number.isFinite(lat)) return;
    const isParked = (positions.speed_mps[i] ?? 0) < PARKED_BELOW_MPS;
    const limitMs = isParked ? STALE_PARKED_MS : STALE_MOVING_MS;
    found.set(id, { atMs, lat, lon, isStale: nowMs - atMs > limitMs });
  });
  return found;
}
