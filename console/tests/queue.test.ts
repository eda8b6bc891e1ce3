import { describe, expect, test } from "vitest";
import type { IncidentRow } from "../src/api/rows";
import { emptyViews } from "../src/live/reducer";
import { ageOf, groupOf, sortQueue, stageOf, step, targetFrom } from "../src/pages/dispatch/queue";
import { countBoard } from "../src/shell/counters";
import { incident } from "./rows";

const targetOf = (row: IncidentRow): number => row.order_target_ms;

/** Sixty calls of all levels, placed one after the other, each third one sent. */
function sixty(): IncidentRow[] {
  return Array.from({ length: 60 }, (_, i) => {
    const isSent = i % 3 === 0;
    const priority = 1 + ((i * 7) % 5);
    return incident({
      incident_id: `J${i + 1}`,
      priority,
      order_target_ms: priority * 60_000,
      tp_ms: 1_000 + ((i * 37) % 60) * 1_000,
      n_sent: isSent ? 1 : 0,
      state: isSent ? "en_route" : "queued",
    });
  });
}

test("undispatched first, then priority, then waited over target: on 60 calls", () => {
  const now = 100_000;
  const sorted = sortQueue(sixty(), now, targetOf);
  expect(sorted).toHaveLength(60);
  for (let i = 1; i < sorted.length; i += 1) {
    const [a, b] = [sorted[i - 1], sorted[i]];
    if (!a || !b) throw new Error("a hole in the queue");
    const [aSent, bSent] = [a.n_sent > 0, b.n_sent > 0];
    expect(Number(aSent)).toBeLessThanOrEqual(Number(bSent));
    if (aSent !== bSent) continue;
    expect(a.priority).toBeLessThanOrEqual(b.priority);
    if (a.priority !== b.priority) continue;
    expect(ageOf(a, now, targetOf).ratio).toBeGreaterThanOrEqual(ageOf(b, now, targetOf).ratio);
  }
});

test("the order does not depend on the order of arrival, nor does it move while time passes", () => {
  const rows = sixty();
  const ids = (list: IncidentRow[]): string[] => list.map((row) => row.incident_id);
  const at = ids(sortQueue(rows, 100_000, targetOf));
  expect(ids(sortQueue([...rows].reverse(), 100_000, targetOf))).toEqual(at);
  expect(ids(sortQueue(rows, 900_000, targetOf))).toEqual(at);
});

describe("groups", () => {
  test("an incident stays unsent while it is short of its plan", () => {
    expect(groupOf(incident({ n_needed: 3, n_sent: 1, state: "en_route" }))).toBe("unsent");
    expect(groupOf(incident({ n_needed: 3, n_sent: 3, state: "en_route" }))).toBe("sent");
  });
  test("an incident without a place is unsent too", () => {
    const row = incident({ is_placed: false, state: "registered", is_waiting: false });
    expect(groupOf(row)).toBe("unsent");
  });
  test("what needs no unit is for the desk, what is done waits for its close", () => {
    expect(groupOf(incident({ n_needed: 0 }))).toBe("desk");
    expect(groupOf(incident({ state: "fed_back", n_sent: 1 }))).toBe("closing");
  });
});

test("the stage changes exactly at 60 % and at 100 % of the target", () => {
  expect(stageOf(0.599)).toBe("calm");
  expect(stageOf(0.6)).toBe("due");
  expect(stageOf(0.999)).toBe("due");
  expect(stageOf(1)).toBe("over");
  const row = incident({ tp_ms: 1_000, order_target_ms: 60_000 });
  expect(ageOf(row, 36_999, targetOf).stage).toBe("calm");
  expect(ageOf(row, 37_000, targetOf).stage).toBe("due");
  expect(ageOf(row, 60_999, targetOf).stage).toBe("due");
  expect(ageOf(row, 61_000, targetOf).stage).toBe("over");
});

test("nothing ages without a target", () => {
  expect(ageOf(incident({ order_target_ms: 0 }), 9e9, targetOf).stage).toBe("calm");
});

test("a step stays within the rows that are shown", () => {
  expect(step([], "J1", 1)).toBeNull();
  expect(step(["J1", "J2"], null, 1)).toBe("J1");
  expect(step(["J1", "J2"], "J1", 1)).toBe("J2");
  expect(step(["J1", "J2"], "J2", 1)).toBe("J2");
  expect(step(["J1", "J2"], "J9", -1)).toBe("J2");
});

test("an incident that is put off is in no count and asks nobody until it is due", () => {
  const later = incident({ incident_id: "J9", priority: 1, state: "scheduled" });
  const views = { ...emptyViews(), incidents: { J9: later } };
  const target = targetFrom(null);
  expect(countBoard(views, 9e9, target)).toMatchObject({ unsent: 0, over: 0 });
  const due = { ...views, incidents: { J9: { ...later, state: "queued" as const } } };
  expect(countBoard(due, 9e9, target).unsent).toBe(1);
});
