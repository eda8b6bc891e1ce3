import { expect, test } from "vitest";
import type { EmergencyRow, Recommendation } from "../src/api/rows";
import {
  NOTHING_PAINTED,
  NO_STEP,
  SETTLE_MS,
  isMarked,
  isSettling,
  repaint,
  repaintStep,
} from "../src/pages/dispatch/painted";
import { incident } from "./rows";

function ranking(seq: number, ...units: string[]): Recommendation {
  const candidates = units.map((unit_id) => ({
    unit_id,
    call_sign: unit_id,
    travel_ms: 1,
    score_ms: 1,
    reasons: [],
  }));
  return { seq, at_ms: 0, policy: "p", n_wanted: 1, candidates, passed_over: [], counts: {}, short: {}, team: [], diversions: [] };
}

const first = incident({ recommendation: ranking(5, "A", "B") });

test("the list stands still as long as the incident is not ranked anew", () => {
  const painted = repaint(NOTHING_PAINTED, first, 1_000);
  const again = { ...first, seq: 99, recommendation: ranking(5, "B", "A") };
  expect(repaint(painted, again, 2_000)).toBe(painted);
});

test("a new ranking is shown, marked, and for a moment not to be hit by a key on its way", () => {
  const painted = repaint(NOTHING_PAINTED, first, 1_000);
  const next = repaint(painted, { ...first, recommendation: ranking(6, "B", "A") }, 5_000);
  expect(next.recommendation?.seq).toBe(6);
  expect(isMarked(next, 5_001)).toBe(true);
  expect(isSettling(next, 5_000 + SETTLE_MS - 1)).toBe(true);
  expect(isSettling(next, 5_000 + SETTLE_MS)).toBe(false);
});

test("another selection is no update", () => {
  const painted = repaint(NOTHING_PAINTED, first, 1_000);
  const other = incident({ incident_id: "J2", recommendation: ranking(7, "C") });
  const next = repaint(painted, other, 5_000);
  expect(next.incidentId).toBe("J2");
  expect(isMarked(next, 5_001)).toBe(false);
});

test("a first ranking replaces nothing that a hand could have aimed at", () => {
  const bare = repaint(NOTHING_PAINTED, incident({}), 1_000);
  const ranked = repaint(bare, first, 2_000);
  expect(ranked.recommendation?.seq).toBe(5);
  expect(isSettling(ranked, 2_001)).toBe(false);
});

function emergency(id: string, state: EmergencyRow["state"]): EmergencyRow {
  const who = { unit_id: "P1", call_sign: "巡1", declared_by: "", taken_up_by: "", contact_by: "" };
  return { ...who, emergency_id: id, incident_id: "J1", state, declared_at_ms: 0, seq: 1 };
}

const at = (realMs: number): { realMs: number; seat: string } => ({ realMs, seat: "dispatch-1" });

test("the key E is of one banner and one step, the oldest that nobody has taken up", () => {
  const both = [emergency("E1", "taken_up"), emergency("E2", "declared")];
  expect(repaintStep(NO_STEP, both, at(1_000))).toEqual({ emergencyId: "E2", state: "declared", updatedAtMs: 0 });
  expect(repaintStep(NO_STEP, [], at(1_000))).toBe(NO_STEP);
});

test("a banner that changes under the hand is not acted on by a key on its way", () => {
  const seen = repaintStep(NO_STEP, [emergency("E1", "declared")], at(1_000));
  expect(isSettling(seen, 1_000)).toBe(false);
  expect(repaintStep(seen, [{ ...emergency("E1", "declared"), seq: 9 }], at(2_000))).toBe(seen);
  // Another seat takes it up: E would now say that this seat has spoken with the officer.
  const taken = repaintStep(seen, [emergency("E1", "taken_up")], at(5_000));
  expect(isSettling(taken, 5_000 + SETTLE_MS - 1)).toBe(true);
  expect(isSettling(taken, 5_000 + SETTLE_MS)).toBe(false);
  // This seat itself has: it goes on without a pause.
  const own = { ...emergency("E1", "taken_up"), taken_up_by: "dispatch-1" };
  expect(isSettling(repaintStep(seen, [own], at(5_000)), 5_000)).toBe(false);
  // Another emergency comes in, and E is of that one.
  const other = repaintStep(taken, [emergency("E1", "taken_up"), emergency("E2", "declared")], at(9_000));
  expect([other.emergencyId, isSettling(other, 9_100)]).toEqual(["E2", true]);
});
