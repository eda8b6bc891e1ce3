import { expect, test } from "vitest";
import { PLAIN, type FieldKind, type FormField } from "../src/api/seats";
import { ageOf, sortItems } from "../src/pages/seats/ageing";
import { coreActions, shaped } from "../src/pages/seats/coreActions";
import { beginning, readForm, yuan } from "../src/pages/seats/forms";
import { isOneKey } from "../src/pages/seats/seatDesk.svelte";
import { inWords, withoutRow, withRow } from "../src/pages/seats/rows";
import { item } from "./rows";

function field(kind: FieldKind, more: Partial<FormField> = {}): FormField {
  return { ...PLAIN, name: "it", zh: "项", en: "it", kind, ...more };
}
const read = (kind: FieldKind, typed: string) => readForm([field(kind)], { it: typed });

test.each<[FieldKind, string, unknown]>([
  ["text", " 林女士 ", "林女士"],
  ["number", "１２.５", 12.5],
  ["yuan", "1,280.5", 128050],
  ["yuan", "1.15", 115],
  ["minutes", "30", 1_800_000],
  ["date", "2026-11-22", Date.UTC(2026, 10, 21, 16)],
  ["instant", "2026-11-22T08:30", Date.UTC(2026, 10, 22, 0, 30)],
  ["phone", "138 0000-0000", "13800000000"],
  ["incident", "j12", "J12"],
  ["lat", "31.2", 31.2],
  ["day", "2026-09-01", "2026-09-01"],
  ["clock", "07:30", "07:30"],
])("a %s of %s is sent as its command wants it", (kind, typed, sent) => {
  expect(read(kind, typed)).toEqual({ body: { it: sent }, faults: {} });
});

test.each<[FieldKind, string, string]>([
  ["text", "  ", "special.required"],
  ["number", "many", "special.bad_number"],
  ["yuan", "1.155", "special.bad_yuan"],
  ["yuan", "-3", "special.bad_yuan"],
  ["minutes", "0", "special.bad_minutes"],
  ["date", "2026-13-01", "special.bad_date"],
  ["phone", "call me", "special.bad_phone"],
  ["incident", "12", "special.bad_incident"],
  ["lat", "91", "special.bad_lat"],
  ["lon", "181", "special.bad_lon"],
  ["day", "2026-06-31", "special.bad_date"],
  ["clock", "24:00", "special.bad_clock"],
])("a %s of %s is said to be wrong, and nothing is sent", (kind, typed, fault) => {
  const found = read(kind, typed);
  expect(found.body).toEqual({});
  expect(found.faults["it"]?.key).toBe(fault);
});

test("what may stay empty and does is left out; a tick is always sent", () => {
  const fields = [field("text", { required: false }), field("yes_no", { name: "on", required: false })];
  expect(readForm(fields, { it: "", on: false })).toEqual({ body: { on: false }, faults: {} });
  expect(readForm([field("choices")], { it: [] }).faults["it"]?.key).toBe("special.required");
  const none = readForm([field("choices", { required: false })], { it: [] });
  expect(none).toEqual({ body: { it: [] }, faults: {} });
});

test("money is typed in yuan and shown in yuan", () => {
  expect(yuan(128050)).toBe("1,280.50");
});

test("an item is due soon at 60 % of its time and overdue at all of it", () => {
  const one = { stage_at_ms: 1000, due_at_ms: 2000 };
  expect([1599, 1600, 1999, 2000].map((now) => ageOf(one, now))).toEqual(["in_time", "soon", "soon", "late"]);
});

test("what was due longest ago stands first, then what is due next", () => {
  const ids = sortItems([
    { item_id: "W1", due_at_ms: 30 },
    { item_id: "W2", due_at_ms: 10 },
    { item_id: "W3", due_at_ms: 10 },
  ]).map((each) => each.item_id);
  expect(ids).toEqual(["W2", "W3", "W1"]);
});

test("an item that was put off three times is put off no more", () => {
  const names = (n_postponed: number): string[] => coreActions(item({ n_postponed })).map((each) => each.command);
  expect(names(2)).toContain("PostponeItem");
  expect(names(3)).not.toContain("PostponeItem");
});

test("an owner is one thing for the server", () => {
  const body = shaped("HandOnItem", { item_id: "W1", to_kind: "person", to_who: "王", reason: "换班" });
  expect(body).toEqual({ item_id: "W1", reason: "换班", to: { kind: "person", owner_id: "王" } });
});

const GATES = field("rows", {
  name: "gates",
  zh: "校门",
  en: "gates",
  most: 2,
  rows: [field("text", { name: "name", zh: "名称", en: "name" }), field("lat", { name: "lat", zh: "纬度", en: "latitude" })],
});

test("each row of a list is read by itself, and one with nothing in it is none", () => {
  const gates = [{ name: "东门", lat: "32.6" }, { name: " ", lat: "" }];
  expect(readForm([GATES], { gates })).toEqual({ body: { gates: [{ name: "东门", lat: 32.6 }] }, faults: {} });
  const days = field("rows", { name: "days", most: 9, required: false, rows: [field("day", { name: "" })] });
  expect(readForm([days], { days: [{ "": "2026-10-01" }, { "": "" }] }).body).toEqual({ days: ["2026-10-01"] });
  expect(readForm([days], { days: [] }).body).toEqual({ days: [] });
});

test("what is wrong in a list names the row and the field, or the list where it is too short or long", () => {
  const faults = (gates: Record<string, string>[]) => readForm([GATES], { gates }).faults;
  expect(faults([{ name: "东门", lat: "32" }, { name: "", lat: "99" }])).toEqual({
    "gates.1.name": { key: "special.required" },
    "gates.1.lat": { key: "special.bad_lat" },
  });
  expect(faults([])).toEqual({ gates: { key: "special.row_needed" } });
  expect(faults([1, 2, 3].map((n) => ({ name: `${n}`, lat: "1" })))).toEqual({
    gates: { key: "special.too_many_rows", values: { n: 2 } },
  });
});

test("rows are added up to the most there may be, and taken away", () => {
  const one = withRow(GATES, []);
  expect(one).toEqual([{ name: "", lat: "" }]);
  expect(withRow(GATES, withRow(GATES, one))).toHaveLength(2);
  expect(withoutRow([{ name: "a" }, { name: "b" }], 0)).toEqual([{ name: "b" }]);
});

test("a form begins with what the row has, as it would have been typed, and sends it as it was", () => {
  const fields = [field("text", { name: "name", begins: "name" }), { ...GATES, begins: "gates_now" }];
  const gates = [{ name: "东门", lat: 32.6 }];
  const begun = beginning(fields, { name: "一小", gates_now: gates });
  expect(begun).toEqual({ name: "一小", gates: [{ name: "东门", lat: "32.6" }] });
  expect(readForm(fields, begun).body).toEqual({ name: "一小", gates });
});

test("where the server finds a fault is said as the form calls it", () => {
  const said = inWords("Expected `float` <= 90 - at `$.gates[1].lat`", [GATES]);
  expect(said).toContain("校门");
  expect(said).toContain("纬度");
  expect(said).not.toContain("$.");
});

test("by its key at once is done only what asks for nothing and can be taken back", () => {
  const [take, , , note] = coreActions(item({}));
  expect(take && isOneKey(take)).toBe(true);
  expect(take && isOneKey({ ...take, sure: true })).toBe(false);
  expect(note && isOneKey(note)).toBe(false);
});
