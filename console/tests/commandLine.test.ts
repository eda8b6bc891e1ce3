import { describe, expect, test } from "vitest";
import { normalise, parseLine } from "../src/pages/dispatch/commandLine";
import { findIncident, findOrder, findUnit } from "../src/pages/dispatch/resolve";
import { incident, order, unit } from "./rows";

describe("lines", () => {
  test("full-width letters, digits and spaces are meant as plain ones", () => {
    expect(normalise("／Ａ　０１２　Ｊ７１")).toBe("A 012 J71");
    expect(parseLine("、Ａ　０１２")).toEqual({ verb: "assign", unit: "012", incident: null });
  });
  test.each([
    ["A 012 J71", { verb: "assign", unit: "012", incident: "J71" }],
    ["a012 j71", { verb: "assign", unit: "012", incident: "j71" }],
    ["派 巡012 71", { verb: "assign", unit: "巡012", incident: "71" }],
    ["W J71-1 车坏了", { verb: "withdraw", order: "J71-1", reason: "车坏了" }],
    ["S P012 meal", { verb: "status", unit: "P012", status: "meal" }],
    ["状 012 用餐", { verb: "status", unit: "012", status: "meal" }],
    ["G J71", { verb: "go", incident: "J71" }],
    ["T", { verb: "rank", incident: null }],
    ["R J71", { verb: "rank", incident: "J71" }],
    ["M J71 J70", { verb: "merge", incident: "J71", into: "J70" }],
    [
      "P J71 3 not so bad @王队",
      { verb: "priority", incident: "J71", priority: 3, reason: "not so bad", approvedBy: "王队" },
    ],
  ])("%s", (text, line) => expect(parseLine(text)).toEqual(line));

  test.each([
    ["", "line.empty"],
    ["hello", "line.unknown"],
    ["assign 012", "line.unknown"],
    ["X 1", "line.unknown"],
    ["A", "line.how.assign"],
    ["W J71-1", "line.how.withdraw"],
    ["S 012", "line.how.status"],
    ["S 012 asleep", "line.no_status"],
    ["P J71", "line.how.priority"],
    ["P J71 9", "line.no_priority"],
    ["M J71", "line.how.merge"],
  ])("“%s” is answered by %s", (text, fault) => {
    expect(parseLine(text)).toMatchObject({ fault });
  });
});

describe("numbers", () => {
  const units = { P012: unit({}), P013: unit({ unit_id: "P013", call_sign: "巡013" }) };
  const incidents = { J71: incident({ incident_id: "J71", orders: [order({ order_id: "J71-1" })] }) };

  test("a unit by id, call sign or digits", () => {
    for (const text of ["P012", "p012", "巡012", "012", "12"]) {
      expect(findUnit(text, units)?.unit_id).toBe("P012");
    }
    expect(findUnit("99", units)).toBeNull();
  });
  test("digits that fit two units fit none", () => {
    const twins = { ...units, T012: unit({ unit_id: "T012", call_sign: "交012" }) };
    expect(findUnit("012", twins)).toBeNull();
  });
  test("an incident and an order", () => {
    expect(findIncident("71", incidents)?.incident_id).toBe("J71");
    expect(findIncident("j71", incidents)?.incident_id).toBe("J71");
    expect(findOrder("J71-1", incidents, units)?.order_id).toBe("J71-1");
    expect(findOrder("71-1", incidents, units)?.order_id).toBe("J71-1");
    expect(findOrder("012", incidents, units)?.order_id).toBe("J71-1");
    expect(findOrder("013", incidents, units)).toBeNull();
  });
});
