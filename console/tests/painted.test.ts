import { expect, test } from "vitest";
import type { Recommendation } from "../src/api/rows";
import {
  NOTHING_PAINTED,
  SETTLE_MS,
  isMarked,
  isSettling,
  repaint,
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
