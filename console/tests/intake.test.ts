import { expect, test } from "vitest";
import type { IncidentType } from "../src/api/city";
import {
  addressOf,
  dropDraft,
  emptyDraft,
  keepDraft,
  missing,
  readDraft,
  suggestType,
} from "../src/pages/intake/draft";
import { distanceM, listNearby } from "../src/pages/intake/nearby";
import { findTypes } from "../src/pages/intake/types";
import { incident } from "./rows";

function store(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

test("a draft comes back as it was left, each call its own", () => {
  const kept = store();
  const draft = { ...emptyDraft("139"), narrative: "持刀", place: { lat: 1, lon: 2, name: "x" } };
  keepDraft(kept, "C1", draft);
  expect(readDraft(kept, "C1")).toEqual(draft);
  expect(readDraft(kept, "C2")).toBeNull();
  dropDraft(kept, "C1");
  expect(readDraft(kept, "C1")).toBeNull();
});

test("a draft that cannot be read is no draft", () => {
  const kept = store();
  kept.setItem("kuaifan.draft.C1", "{");
  expect(readDraft(kept, "C1")).toBeNull();
});

test("a suggestion never overrides the type that a hand chose", () => {
  const draft = emptyDraft();
  expect(suggestType(draft, "010201").typeCode).toBe("010201");
  const chosen = { ...draft, typeCode: "020101", isTypeManual: true };
  expect(suggestType(chosen, "010201").typeCode).toBe("020101");
});

test("type and place are needed; words alone are a place, to be verified", () => {
  expect(missing(emptyDraft())).toEqual(["type", "place"]);
  expect(missing({ ...emptyDraft(), typeCode: "1", placeText: "桥下" })).toEqual([]);
});

test("a chosen place is written down by its name, with what the name does not say", () => {
  expect(addressOf({ name: "人民东路", address: "城中区" })).toBe("人民东路（城中区）");
  expect(addressOf({ name: "一中", address: "人民东路 1 号一中" })).toBe("人民东路 1 号一中");
  expect(addressOf({ name: "云山区广场", address: "云山区" })).toBe("云山区广场");
  expect(addressOf({ name: "一中", address: "" })).toBe("一中");
});

test("nearby is 500 m and 30 minutes, or the same number at any distance", () => {
  const place = { lat: 30, lon: 120, name: "" };
  const now = 3_600_000;
  const incidents = {
    J1: incident({ incident_id: "J1", lat: 30.001, opened_at_ms: now - 60_000 }),
    J2: incident({ incident_id: "J2", lat: 30.02, opened_at_ms: now - 60_000 }),
    J3: incident({ incident_id: "J3", lat: 30.001, opened_at_ms: now - 31 * 60_000 }),
    J4: incident({ incident_id: "J4", lat: 31, opened_at_ms: 0, call_ids: ["C9"] }),
  };
  const calls = { C9: { caller_number: "139" } } as never;
  const around = { place, callerNumber: "139", ownIncidentId: "", nowMs: now };
  const found = listNearby(incidents, calls, around);
  expect(found.map(({ row }) => row.incident_id)).toEqual(["J1", "J4"]);
  expect(found[0]?.distanceM).toBeCloseTo(distanceM(place, { lat: 30.001, lon: 120 }));
});

test("types are found by code, name and key, the better match first", () => {
  const type = (code: string, name_cn: string, key: string): IncidentType => ({
    code, name_cn, key, class_key: "c", class_cn: "类", priority: 3, route: "dispatch",
    min_units: 1, seat: "general",
  }); // prettier-ignore
  const types = [type("010101", "杀人", "homicide"), type("020101", "入室盗窃", "burglary"), type("020102", "盗窃", "theft")];
  expect(findTypes(types, "盗窃").map((each) => each.code)).toEqual(["020102", "020101"]);
  expect(findTypes(types, "0101").map((each) => each.code)).toEqual(["010101"]);
  expect(findTypes(types, "theft").map((each) => each.code)).toEqual(["020102"]);
  expect(findTypes(types, "nothing")).toEqual([]);
});
