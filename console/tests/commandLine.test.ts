import { describe, expect, test } from "vitest";
import { normalise, parseLine } from "../src/pages/dispatch/commandLine";
import { findIncident, findOrder, findUnit, nearIncidents, nearUnits } from "../src/pages/dispatch/resolve";
import { incident, order, unit } from "./rows";

const assign = (units: string[], incident: string | null, beside = false): unknown => ({
  ...{ verb: "assign", units, incident, beside },
});

describe("lines", () => {
  test("full-width letters, digits and spaces are meant as plain ones", () => {
    expect(normalise("／Ａ　０１２　Ｊ７１")).toBe("A 012 J71");
    expect(parseLine("、Ａ　０１２")).toEqual(assign(["012"], null));
  });
  test.each([
    ["A 012 J71", assign(["012"], "J71")],
    ["a012 j71", assign(["012"], "j71")],
    ["派 巡012 71", assign(["巡012"], "71")],
    ["A 012,013 J71", assign(["012", "013"], "J71")],
    ["派 组 71", assign(["组"], "71")],
    ["A 012 J71 +", assign(["012"], "J71", true)],
    ["派警 012", assign(["012"], null)],
    ["D 012 J71 更近 @王队", { verb: "divert", unit: "012", incident: "J71", reason: "更近", approvedBy: "王队" }],
    ["B J71 2 人多", { verb: "backup", incident: "J71", nUnits: 2, reason: "人多" }],
    ["B 3", { verb: "backup", incident: null, nUnits: 3, reason: "" }],
    ["X J71 火大了", { verb: "escalate", incident: "J71", reason: "火大了" }],
    ["V 012 到", { verb: "voice", text: "012 到" }],
    ["012 在 淮海路口", { verb: "voice", text: "012 在 淮海路口" }],
    ["V012 到", { verb: "voice", text: "012 到" }],
    ["报巡012 到", { verb: "voice", text: "巡012 到" }],
    ["WJ71-1 完全走错了", { verb: "withdraw", order: "J71-1", reason: "完全走错了" }],
    ["w012 到场不了", { verb: "withdraw", order: "012", reason: "到场不了" }],
    ["X71 增援不够", { verb: "escalate", incident: "71", reason: "增援不够" }],
    ["升J71 紧急", { verb: "escalate", incident: "J71", reason: "紧急" }],
    ["B2 增援", { verb: "backup", incident: null, nUnits: 2, reason: "增援" }],
    ["B012 到", { verb: "voice", text: "B012 到" }],
    ["H71 签收", { verb: "hand", incident: "71", what: "accept", desk: "", reason: "" }],
    ["X012 到", { verb: "voice", text: "X012 到" }],
    ["E012 平安", { verb: "voice", text: "E012 平安" }],
    ["P012 到", { verb: "voice", text: "P012 到" }],
    ["巡０１２　收到", { verb: "voice", text: "巡012 收到" }],
    ["E 012", { verb: "emergency", unit: "012" }],
    ["U", { verb: "undo" }],
    ["H J71 d1 界外", { verb: "hand", incident: "J71", what: "offer", desk: "d1", reason: "界外" }],
    ["H J71 收", { verb: "hand", incident: "J71", what: "accept", desk: "", reason: "" }],
    ["H 退 不在辖区", { verb: "hand", incident: null, what: "refuse", desk: "", reason: "不在辖区" }],
    ["L 120 J71 两人受伤", { verb: "agency", agency: "120", incident: "J71", what: "两人受伤" }],
    ["K 012", { verb: "reserve", unit: "012", incident: null }],
    ["Q 012 J71", { verb: "why", unit: "012", incident: "J71" }],
    ["Y 012 北门", { verb: "move", unit: "012", post: "北门" }],
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
    ["assign 012", "line.unknown_near"],
    ["wihdraw J71-1", "line.unknown_near"],
    ["1 Z", "line.unknown"],
    ["D 012 J71", "line.how.divert"],
    ["B J71 99", "line.how.backup"],
    ["X J71", "line.how.escalate"],
    ["V 012", "line.how.voice"],
    ["H J71 退", "line.how.hand"],
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
  test("a slip is answered with what is nearest", () => {
    expect(nearUnits("022", units)).toEqual(["巡012"]);
    expect(nearUnits("交013", units)).toEqual(["巡013"]);
    expect(nearUnits("999", units)).toEqual([]);
    expect(nearIncidents("72", incidents)).toEqual(["J71"]);
    expect(nearIncidents("J99", incidents)).toEqual([]);
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
