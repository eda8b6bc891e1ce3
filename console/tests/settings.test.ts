import { expect, test } from "vitest";
import {
  SECTIONS,
  canUndo,
  commandOf,
  findRows,
  ticked,
  undoing,
  type Row,
  type Section,
} from "../src/pages/admin/sections";

const section = (key: string): Section => {
  const found = SECTIONS.find((each) => each.key === key);
  if (!found) throw new Error(key);
  return found;
};
const unit: Row = {
  id: "P1",
  values: { unit_id: "P1", call_sign: "巡特001", n_officers: "2", skills: "patrol", has_gps: "yes" },
  isRetired: false,
};
const change = (field: string, old: string, now: string) => ({
  ...{ seq: 1, at_ms: 0, kind: "unit", key: "P1", by: "a", reason: "b" },
  changes: [{ field, old, new: now }],
});

test("a command names its thing and only the fields that differ", () => {
  const values = { ...unit.values, n_officers: "３", skills: "patrol;armed" };
  const form = { isNew: false, isRetired: false, values };
  expect(commandOf(section("unit"), form, unit)).toEqual({
    ...{ unit_id: "P1", is_new: false, n_officers: 3, skills: ["patrol", "armed"] },
  });
});

test("a target and a clock are always sent whole, full-width digits and all", () => {
  const target = { desk_id: "", area_class: "urban", priority: "3", target_s: "２４０" };
  const form = { isNew: true, isRetired: false, values: target };
  const body = { desk_id: "", area_class: "urban", priority: 3, target_s: 240 };
  expect(commandOf(section("arrival_target"), form, null)).toEqual(body);
  const clock = { isNew: false, isRetired: false, values: { clock: "unsigned", levels: "20；40, 60" } };
  expect(commandOf(section("clock"), clock, null)).toEqual({
    ...{ clock: "unsigned", levels: [20, 40, 60] },
  });
});

test("what is no number is sent as it was typed: the server says so in words", () => {
  const form = { isNew: false, isRetired: false, values: { ...unit.values, n_officers: "两" } };
  expect(commandOf(section("unit"), form, unit)).toHaveProperty("n_officers", "两");
});

test("taking a change back is a form with what was before; what was added is retired", () => {
  const back = undoing(section("unit"), change("call_sign", "巡特009", "巡特001"), unit);
  expect(back).toMatchObject({ isRetired: false, values: { call_sign: "巡特009" } });
  const added = change("unit_id", "", "P1");
  expect(undoing(section("unit"), added, unit).isRetired).toBe(true);
  expect(canUndo(section("plan"), { ...added, changes: [{ field: "code", old: "", new: "X" }] })).toBe(false);
});

test("a search finds rows with all of its words, and a tick keeps the order of the options", () => {
  expect(findRows([unit], "巡特 p1", () => "巡特001")).toEqual([unit]);
  expect(findRows([unit], "交警", () => "巡特001")).toEqual([]);
  const all = [["patrol", ""], ["armed", ""]] as const;
  expect(ticked("armed", "patrol", true, all)).toBe("patrol;armed");
  expect(ticked("patrol;armed", "patrol", false, all)).toBe("armed");
});
