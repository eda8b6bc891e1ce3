/** Rows for the tests, with what a test does not care about filled in. */

import type { IncidentRow, OrderRow, UnitRow } from "../src/api/rows";

export function incident(given: Partial<IncidentRow>): IncidentRow {
  return {
    incident_id: "J1",
    type_code: "010101",
    type_name: "盗窃",
    class_key: "criminal",
    priority: 3,
    state: "queued",
    narrative: "",
    address: "",
    lat: 30,
    lon: 120,
    is_placed: true,
    area_class: "urban",
    jurisdiction: "PS01",
    record_class: "normal",
    source: "110",
    plan: "C1",
    route: "dispatch",
    call_ids: [],
    n_needed: 1,
    n_sent: 0,
    is_waiting: true,
    opened_at_ms: 0,
    tp_ms: 0,
    order_target_ms: 60_000,
    arrival_target_ms: 600_000,
    settled: false,
    orders: [],
    recommendation: null,
    seq: 1,
    facts: {},
    places: [],
    duplicate_ids: [],
    premises: [],
    ...given,
  };
}

export function order(given: Partial<OrderRow>): OrderRow {
  return {
    order_id: "J1-1",
    unit_id: "P012",
    call_sign: "巡012",
    state: "dispatched",
    rank: 1,
    travel_ms: 60_000,
    eta_at_ms: 0,
    unsigned_level: 0,
    t4_ms: 0,
    t5_ms: 0,
    t6_ms: 0,
    t7_ms: 0,
    t7_source: null,
    t8_ms: 0,
    t9_ms: 0,
    feedback_overdue: false,
    ...given,
  };
}

export function unit(given: Partial<UnitRow>): UnitRow {
  return {
    unit_id: "P012",
    call_sign: "巡012",
    kind: "car",
    line: "patrol",
    status: "at_post",
    state: "at_post",
    order_id: "",
    incident_id: "",
    n_crew: 2,
    skills: [],
    home_post_id: "",
    seq: 1,
    ...given,
  };
}
