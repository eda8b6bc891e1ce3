import { describe, expect, test } from "vitest";
import type { CardBlockRow, UnitRow } from "../src/api/rows";
import {
  emptyCard,
  emptyOrder,
  isBlank,
  makeCommand,
  numberOf,
  unusedOf,
} from "../src/pages/paper/card";
import { dayOf, instantOf, stampsOf } from "../src/pages/paper/times";
import { KEPT_FOR_MS, keep, readKept } from "../src/shell/drafts.svelte";

const ZONE = "Asia/Shanghai";
const DAY = "2026-11-22";
const utc = (hour: number, minute = 0, day = 22) => Date.UTC(2026, 10, day, hour, minute);
const units = { P001: { unit_id: "P001", call_sign: "巡逻001" } as UnitRow };

describe("times on a card", () => {
  test("are the city's, wherever the browser is", () => {
    expect(instantOf(DAY, "09:12", ZONE)).toBe(utc(1, 12));
    expect(instantOf(DAY, "９：１２", ZONE)).toBe(utc(1, 12));
    expect(instantOf("2026-07-01", "00:30", "Europe/Helsinki")).toBe(Date.UTC(2026, 5, 30, 21, 30));
    expect(dayOf(utc(20), ZONE)).toBe("2026-11-23");
  });
  test("that cannot be read are said to be so", () => {
    for (const bad of ["", "9", "25:00", "09:60", "soon"]) expect(instantOf(DAY, bad, ZONE)).toBeNull();
    expect(instantOf("", "09:12", ZONE)).toBeNull();
  });
  test("after midnight are of the next day, and small slips are left to the server to refuse", () => {
    const [called, sent] = stampsOf(DAY, ["23:58", "00:03"], ZONE);
    expect([called, sent]).toEqual([utc(15, 58), utc(16, 3)]);
    expect(stampsOf(DAY, ["09:12", "", "09:10"], ZONE)).toEqual([utc(1, 12), 0, utc(1, 10)]);
    expect(stampsOf(DAY, ["00:03"], ZONE, utc(15, 58))).toEqual([utc(16, 3)]);
  });
});

describe("a card", () => {
  const card = { ...emptyCard(), number: "ｊ 12", day: DAY, called: "09:12", by: "钱" };
  test("becomes one command with the instants of its day", () => {
    const order = { ...emptyOrder(), unit: "巡逻001", sent: "09:13", handled: "09:40" };
    const made = makeCommand({ ...card, orders: [order], settled: "other" }, "020302", units, ZONE);
    expect(made).toMatchObject({
      body: {
        incident_id: "J12",
        called_at_ms: utc(1, 12),
        settled: "",
        orders: [{ unit_id: "P001", sent_at_ms: utc(1, 13), handled_at_ms: utc(1, 40) }],
      },
    });
  });
  test("brings what was decided about a warning letter with its first result", () => {
    const letter = { issued: false, reason: "首次" };
    const [open, told] = ["", "settled"].map((disposition) => ({
      ...emptyOrder(), unit: "u", sent: "09:13", handled: "09:40", disposition,
    }));
    const made = makeCommand({ ...card, orders: [open, told], letter } as never, "t", units, ZONE);
    const sent = "body" in made ? made.body.orders.map((order) => order.letter) : [];
    expect(sent).toEqual([undefined, letter]);
  });
  test("says which time it cannot read", () => {
    expect(makeCommand({ ...card, called: "x" }, "t", units, ZONE)).toMatchObject({ fault: "called" });
    expect(makeCommand({ ...card, outageTime: "x" }, "t", units, ZONE)).toMatchObject({ fault: "outage" });
    const bad = { ...emptyOrder(), unit: "u", sent: "09:13", arrived: "x" };
    expect(makeCommand({ ...card, orders: [bad] }, "t", units, ZONE)).toEqual({ fault: "stamp", what: "x" });
    expect(makeCommand({ ...card, orders: [emptyOrder()] }, "t", units, ZONE)).toMatchObject({ fault: "sent" });
  });
  test("keeps who types and since when the desk was down for the next one", () => {
    const next = emptyCard({ ...card, callerName: "李", outageTime: "08:55" });
    expect([next.by, next.day, next.outageTime, next.number, next.callerName]).toEqual(["钱", DAY, "08:55", "", ""]);
    expect([isBlank(next), isBlank(card)]).toEqual([true, false]);
  });
  test("has a number of its block that no other card has used", () => {
    const block = { first_no: 10, n_cards: 4, used: [11] } as unknown as CardBlockRow;
    expect(unusedOf(block)).toEqual(["J10", "J12", "J13"]);
    expect([numberOf("12"), numberOf("J 12"), numberOf("x")]).toEqual(["J12", "J12", "X"]);
  });
});

describe("a half-typed form", () => {
  function store(): Storage {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
      removeItem: (key: string) => void kept.delete(key),
    } as unknown as Storage;
  }
  test("is there again for a shift, and gone when it was sent", () => {
    const here = store();
    keep("road", { reason: "施工" }, 1_000, here);
    expect(readKept("road", 2_000, here)).toEqual({ reason: "施工" });
    expect(readKept("road", 1_000 + KEPT_FOR_MS, here)).toBeNull();
    keep("road", null, 2_000, here);
    expect(readKept("road", 2_000, here)).toBeNull();
  });
  test("does without a store, and with a broken one", () => {
    const broken = { ...store(), getItem: () => "{", setItem: () => { throw new Error("full"); } };
    keep("road", {}, 0, broken as unknown as Storage);
    expect(readKept("road", 0, broken as unknown as Storage)).toBeNull();
    keep("road", {}, 0, null);
    expect(readKept("road", 0, null)).toBeNull();
  });
});
