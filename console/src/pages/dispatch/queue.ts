/** The order of the queue and the ageing of its rows: pure rules over the rows on the screen. */

import type { City } from "../../api/city";
import type { IncidentRow } from "../../api/rows";

/** unsent: short of its plan; sent: units under way; desk: settled without units; closing: done
 * on scene, feedback or review open. */
export type Group = "unsent" | "sent" | "desk" | "closing";
export const GROUPS: readonly Group[] = ["unsent", "sent", "desk", "closing"];

export type Stage = "calm" | "due" | "over";
/** Ours, shares of the target; the targets themselves are the city's. */
export const DUE_FROM = 0.6;
export const OVER_FROM = 1;

/** The target of an incident in ms; 0 where none is set, and then nothing ages. */
export type TargetOf = (row: IncidentRow) => number;

export interface Age {
  waitedMs: number;
  targetMs: number;
  ratio: number;
  stage: Stage;
}

const DONE = new Set(["handled", "fed_back", "reviewed", "closed", "merged"]);

/** What is put off asks nobody until its time has come: it has a list of its own. */
export function isDue(row: IncidentRow): boolean {
  return row.state !== "scheduled";
}

export function groupOf(row: IncidentRow): Group {
  if (DONE.has(row.state)) return "closing";
  if (row.n_sent < row.n_needed) return "unsent";
  return row.n_sent > 0 ? "sent" : "desk";
}

export function targetFrom(city: City | null): TargetOf {
  return (row) =>
    row.order_target_ms || (city?.targets.first_order_ms[String(row.priority)] ?? 0);
}

/** Since the place is known, or since it was opened while it has none. */
export function ageOf(row: IncidentRow, nowMs: number, targetOf: TargetOf): Age {
  const waitedMs = Math.max(0, nowMs - (row.tp_ms || row.opened_at_ms));
  const targetMs = targetOf(row);
  const ratio = targetMs > 0 ? waitedMs / targetMs : 0;
  return { waitedMs, targetMs, ratio, stage: stageOf(ratio) };
}

export function stageOf(ratio: number): Stage {
  if (ratio >= OVER_FROM) return "over";
  return ratio >= DUE_FROM ? "due" : "calm";
}

/** Undispatched first, then priority, then waited/target; ties by number, so that it stands still. */
export function sortQueue(
  rows: Iterable<IncidentRow>,
  nowMs: number,
  targetOf: TargetOf,
): IncidentRow[] {
  const keyed = [...rows].map((row) => ({
    row,
    group: GROUPS.indexOf(groupOf(row)),
    ratio: ageOf(row, nowMs, targetOf).ratio,
    number: numberOf(row.incident_id),
  }));
  keyed.sort(
    (a, b) =>
      a.group - b.group ||
      a.row.priority - b.row.priority ||
      b.ratio - a.ratio ||
      a.number - b.number,
  );
  return keyed.map(({ row }) => row);
}

/** J12 -> 12. */
export function numberOf(incidentId: string): number {
  return Number(/\d+/.exec(incidentId)?.[0] ?? 0);
}

/** Where a selection goes by a key: one step along the rows that are shown. */
export function step(ids: readonly string[], from: string | null, by: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const at = from === null ? -1 : ids.indexOf(from);
  if (at < 0) return ids[by > 0 ? 0 : ids.length - 1] ?? null;
  return ids[Math.min(Math.max(at + by, 0), ids.length - 1)] ?? null;
}
