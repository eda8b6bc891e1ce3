import { expect, test } from "vitest";
import type { CallRow } from "../src/api/rows";
import { listOwed, listRinging, nextToAnswer } from "../src/pages/intake/phone.svelte";

function call(given: Partial<CallRow>): CallRow {
  return {
    call_id: "C1",
    lat: 0,
    lon: 0,
    uncertainty_m: -1,
    location_source: null,
    line: "110",
    state: "ringing",
    seat_id: "",
    caller_number: "",
    caller_name: "",
    incident_id: "",
    t0_ms: 0,
    t2_ms: 0,
    t3_ms: 0,
    seq: 1,
    ...given,
  };
}

const byId = (...calls: CallRow[]): Record<string, CallRow> =>
  Object.fromEntries(calls.map((each) => [each.call_id, each]));

test("calls of every channel wait in one queue, first come first", () => {
  const rows = byId(
    call({ call_id: "C3", t0_ms: 3, line: "web" }),
    call({ call_id: "C1", t0_ms: 1, line: "12110" }),
    call({ call_id: "C2", t0_ms: 2, state: "talking" }),
  );
  expect(listRinging(rows).map((each) => each.call_id)).toEqual(["C1", "C3"]);
});

test("the key takes what rings at this seat, else what rings at nobody, else the oldest", () => {
  const elsewhere = call({ call_id: "C1", t0_ms: 1, offered_seat_id: "intake-2" });
  const limited = call({ call_id: "C2", t0_ms: 2, is_limited: true });
  const free = call({ call_id: "C3", t0_ms: 3 });
  const here = call({ call_id: "C4", t0_ms: 4, offered_seat_id: "intake-1" });
  const next = (...calls: CallRow[]): string | undefined => nextToAnswer(calls, "intake-1")?.call_id;
  expect(next(elsewhere, limited, free, here)).toBe("C4");
  expect(next(elsewhere, limited, free)).toBe("C3");
  expect(next(elsewhere, limited)).toBe("C1");
  expect(next()).toBeUndefined();
});

test("missed and silent calls are owed until a person has done something", () => {
  const rows = byId(
    call({ call_id: "C1", state: "abandoned", t3_ms: 9, to_call_back: true }),
    call({ call_id: "C2", state: "ended", t3_ms: 5, to_call_back: true, silent_step: "text_link" }),
    call({ call_id: "C3", state: "abandoned", t3_ms: 1, to_call_back: false }),
    call({ call_id: "C4", state: "talking", to_call_back: true, silent_step: "listening" }),
  );
  expect(listOwed(rows).map((each) => each.call_id)).toEqual(["C2", "C1"]);
});
