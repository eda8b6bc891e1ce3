import { describe, expect, test } from "vitest";
import type { Candidate, Recommendation, Views } from "../src/api/rows";
import { emptyViews } from "../src/live/reducer";
import { propose } from "../src/pages/dispatch/complete";
import { closest, distance } from "../src/pages/dispatch/nearest";
import { whyNot } from "../src/pages/dispatch/whyNot";
import { addWords } from "../src/words/words.svelte";
import { deskWords } from "../src/words/zh/desk";
import { sendingWords } from "../src/words/zh/sending";
import { incident, order, unit } from "./rows";

addWords({ ...deskWords, ...sendingWords });

const views = (): Views => ({
  ...emptyViews(),
  units: {
    P011: unit({ unit_id: "P011", call_sign: "巡011", state: "en_route", incident_id: "J70" }),
    P012: unit({}),
  },
  incidents: { J71: incident({ incident_id: "J71", address: "人民路 1 号", orders: [order({})] }) },
});

describe("what the bar proposes", () => {
  const lines = (text: string): string[] => propose(text, views(), null).map((each) => each.line);

  test("nothing before anything is typed", () => expect(lines("")).toEqual([]));
  test("commands by their letter or word", () => {
    expect(lines("d")).toEqual(["D "]);
    expect(lines("增")).toEqual(["B "]);
  });
  test("units, the free ones first, by any part of their name", () => {
    expect(lines("A ")).toEqual(["A 巡012 ", "A 巡011 "]);
    expect(lines("A 11")).toEqual(["A 巡011 "]);
    expect(lines("A 巡2")).toEqual(["A 巡012 "]);
    expect(lines("Ａ　")).toEqual(["A 巡012 ", "A 巡011 "]);
  });
  test("incidents after the unit, by number or place", () => {
    expect(lines("A 012 人民")).toEqual(["A 012 J71 "]);
    expect(lines("B J")).toEqual(["B J71 "]);
  });
  test("radio words, services and open orders", () => {
    expect(lines("V 012 平")).toEqual(["V 012 平安 "]);
    expect(lines("L 12")).toEqual(["L 120 ", "L 12345 "]);
    expect(lines("W ")).toEqual(["W J1-1 "]);
  });
  test("nothing where free words follow", () => expect(lines("X J71 大")).toEqual([]));
});

test("slips are counted, and the nearest name comes first", () => {
  expect(distance("divert", "diverd")).toBe(1);
  expect(closest("asign", ["status", "assign"], 2, 1)).toEqual(["assign"]);
  expect(closest("hello", ["assign", "派警"], 2, 3)).toEqual([]);
});

describe("why not this one", () => {
  const candidate: Candidate = { unit_id: "P1", call_sign: "巡1", travel_ms: 65_000, score_ms: 0, reasons: [] }; // prettier-ignore
  const ranking: Recommendation = {
    ...{ seq: 1, at_ms: 0, policy: "patrol_first", n_wanted: 1, counts: {}, short: {}, team: [] },
    ...{ candidates: [candidate], diversions: [] },
    passed_over: [{ unit_id: "P3", code: "no_position" }],
  };
  const row = incident({ recommendation: ranking, orders: [order({ unit_id: "P9" })] });

  test.each([
    [unit({ unit_id: "P1" }), "推荐第 1，1:05 可到"],
    [unit({ unit_id: "P2", state: "en_route", incident_id: "J7" }), "赶赴（J7）"],
    [unit({ unit_id: "P3" }), "无定位"],
    [unit({ unit_id: "P4", state: "meal" }), "用餐"],
    [unit({ unit_id: "P5", emergency_id: "E1" }), "正在紧急求助"],
    [unit({ unit_id: "P9" }), "已派往 J1"],
  ])("%#", (given, said) => expect(whyNot(row, given)).toBe(said));

  test("who is free and not listed comes after those that are", () => {
    expect(whyNot(row, unit({ unit_id: "P8" }))).toContain("前 1 组之后");
  });
});
