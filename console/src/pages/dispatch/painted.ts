/** The painted recommendation: what is on the screen now, and only that, is what a key assigns. */

import type { EmergencyRow, IncidentRow, Recommendation } from "../../api/rows";

export interface Painted {
  incidentId: string;
  recommendation: Recommendation | null;
  /** performance.now() of the last change under the same selection; 0 if it never changed. */
  updatedAtMs: number;
}

/** So long after the list changed under the hand a digit asks to be pressed again. */
export const SETTLE_MS = 600;
export const MARK_MS = 4_000;

export const NOTHING_PAINTED: Painted = { incidentId: "", recommendation: null, updatedAtMs: 0 };

/** The list changes with the selection, or when the selected incident is ranked anew. */
export function repaint(
  painted: Painted,
  selected: IncidentRow | null,
  realMs: number,
): Painted {
  if (!selected) return painted.incidentId ? NOTHING_PAINTED : painted;
  const recommendation = selected.recommendation;
  if (painted.incidentId !== selected.incident_id) {
    return { incidentId: selected.incident_id, recommendation, updatedAtMs: 0 };
  }
  if (painted.recommendation?.seq === recommendation?.seq) return painted;
  // A first ranking replaces nothing that a hand could have aimed at.
  const updatedAtMs = painted.recommendation ? realMs : 0;
  return { incidentId: selected.incident_id, recommendation, updatedAtMs };
}

/** What the key E does now: the next step of one emergency, and since when it is that step. */
export interface PaintedStep {
  emergencyId: string;
  state: EmergencyRow["state"] | "";
  updatedAtMs: number;
}

export const NO_STEP: PaintedStep = { emergencyId: "", state: "", updatedAtMs: 0 };

/** The oldest that nobody has taken up, else the oldest; `emergencies` stand in that order. */
export function repaintStep(
  painted: PaintedStep,
  emergencies: readonly EmergencyRow[],
  { realMs, seat }: { realMs: number; seat: string },
): PaintedStep {
  const first = emergencies.find((each) => each.state === "declared") ?? emergencies[0];
  if (!first) return NO_STEP;
  const { emergency_id: emergencyId, state } = first;
  if (painted.emergencyId === emergencyId && painted.state === state) return painted;
  // Before the first of them a hand could have aimed at nothing; its own step it knows of.
  const doneBy = state === "taken_up" ? first.taken_up_by : first.contact_by;
  const isOwn = painted.emergencyId === emergencyId && doneBy === seat;
  return { emergencyId, state, updatedAtMs: !painted.emergencyId || isOwn ? 0 : realMs };
}

export function isSettling(painted: { updatedAtMs: number }, realMs: number): boolean {
  return painted.updatedAtMs > 0 && realMs - painted.updatedAtMs < SETTLE_MS;
}

export function isMarked(painted: Painted, realMs: number): boolean {
  return painted.updatedAtMs > 0 && realMs - painted.updatedAtMs < MARK_MS;
}
