import { expect, test } from "vitest";
import type { Positions } from "../src/api/rows";
import { parseLine } from "../src/pages/dispatch/commandLine";
import { blockingOrders, listOthers } from "../src/pages/dispatch/panels/kin";
import { fixesOf, isMeant, keepUnits, sortUnits } from "../src/pages/dispatch/panels/unitRows";
import { atInZone, fieldOf } from "../src/pages/dispatch/panels/zoned";
import { incident, order, unit } from "./rows";

test("units that can be sent stand first, then who is bound, then who is away", () => {
  const rows = [
    unit({ unit_id: "a", call_sign: "巡3", state: "meal" }),
    unit({ unit_id: "b", call_sign: "巡2", state: "on_scene" }),
    unit({ unit_id: "c", call_sign: "巡1", state: "standby" }),
  ];
  expect(sortUnits(rows).map((each) => each.unit_id)).toEqual(["c", "b", "a"]);
});

test("under the hand the order stays: what is new comes last, what is gone leaves", () => {
  const units = { a: unit({ unit_id: "a" }), c: unit({ unit_id: "c" }), d: unit({ unit_id: "d" }) };
  expect(keepUnits(["c", "b", "a"], units)).toEqual(["c", "a", "d"]);
});

test("every word has to fit, full-width letters too", () => {
  expect(isMeant("ｐ1 失守", ["P12", "北门", "失守"])).toBe(true);
  expect(isMeant("P1 守住", ["P12", "北门", "失守"])).toBe(false);
  expect(isMeant("", ["P12"])).toBe(true);
});

test("an old fix is marked and not hidden, sooner for who moves", () => {
  const positions: Positions = {
    ...{ at_ms: 0, unit_ids: ["a", "b"], lat: [30, 30], lon: [120, 120], heading_deg: [-1, -1] },
    ...{ speed_mps: [0, 9], fix_at_ms: [1, 1] },
  };
  const fixes = fixesOf(positions, 300_000);
  expect([fixes.get("a")?.isStale, fixes.get("b")?.isStale]).toEqual([false, true]);
});

test("who may be meant: suggested first, then linked, then near; what is far is not listed", () => {
  const row = incident({ incident_id: "J1", duplicate_ids: ["J2"], linked_ids: ["J3"] });
  const incidents = {
    J1: row,
    J2: incident({ incident_id: "J2", lat: 31 }),
    J3: incident({ incident_id: "J3", is_placed: false }),
    J4: incident({ incident_id: "J4", lat: 30.001 }),
    J5: incident({ incident_id: "J5", lat: 30.1 }),
  };
  const found = listOthers(row, incidents);
  expect(found.map((each) => each.row.incident_id)).toEqual(["J2", "J3", "J4"]);
  expect(Math.round(found[2]?.distanceM ?? 0)).toBe(111);
});

test("orders that are not fed back keep an incident from being merged", () => {
  const orders = [
    order({ order_id: "J1-1", state: "on_scene" }),
    order({ order_id: "J1-2", state: "withdrawn" }),
    order({ order_id: "J1-3", state: "fed_back" }),
  ];
  expect(blockingOrders(incident({ orders }))).toEqual(["J1-1"]);
});

test("a time that is typed is the city's, over a change of clocks too", () => {
  const at = Date.UTC(2026, 10, 22, 6, 30);
  expect(atInZone("2026-11-22T14:30", "Asia/Shanghai")).toBe(at);
  expect(fieldOf(at, "Asia/Shanghai")).toBe("2026-11-22T14:30");
  expect(atInZone("2026-03-29T04:00", "Europe/Helsinki")).toBe(Date.UTC(2026, 2, 29, 1, 0));
  expect(atInZone("tomorrow", "Asia/Shanghai")).toBeNull();
});

test("the command bar knows the panels' words", () => {
  expect(parseLine("N J71 J70 同一辆车")).toEqual({ verb: "link", incident: "J71", other: "J70", reason: "同一辆车" });
  expect(parseLine("重开 J71 又打起来")).toEqual({ verb: "reopen", incident: "J71", reason: "又打起来" });
  expect(parseLine("Ｆ　幸福里")).toEqual({ verb: "search", text: "幸福里" });
  expect(parseLine("播 留意白色面包车")).toEqual({ verb: "cast", text: "留意白色面包车" });
  expect(parseLine("Z")).toEqual({ verb: "split", incident: null });
  expect(parseLine("O J71")).toEqual({ fault: "line.how.reopen", values: {} });
});
