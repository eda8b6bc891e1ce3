import { expect, test } from "vitest";
import type { IncidentType } from "../src/api/city";
import {
  addressOf,
  draftOf,
  dropDraft,
  emptyDraft,
  keepDraft,
  listDrafts,
  missing,
  missingToPush,
  nothingSent,
  readDraft,
  suggestType,
  unsentFacts,
  type Draft,
} from "../src/pages/intake/draft";
import type { CallRow, PremiseNoteRow } from "../src/api/rows";
import { callerFeatures } from "../src/map/callerCircle";
import { sceneAnswer, spotOf } from "../src/pages/intake/callerSpot";
import {
  distanceM,
  keepOrder,
  listNearby,
  premisesNear,
  type Nearby,
} from "../src/pages/intake/nearby";
import { nextAnswer } from "../src/pages/intake/sceneFacts";
import { findTypes } from "../src/pages/intake/types";
import { incident } from "./rows";

function store(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (i: number) => [...kept.keys()][i] ?? null,
    get length() {
      return kept.size;
    },
  } as unknown as Storage;
}

test("a draft comes back as it was left, each call its own", () => {
  const kept = store();
  const draft = { ...emptyDraft("139"), narrative: "持刀", place: { lat: 1, lon: 2, name: "x" } };
  keepDraft(kept, "s1", "C1", draft);
  expect(readDraft(kept, "s1", "C1")).toEqual(draft);
  expect(readDraft(kept, "s1", "C2")).toBeNull();
  dropDraft(kept, "s1", "C1");
  expect(readDraft(kept, "s1", "C1")).toBeNull();
});

test("every field of a form comes back, and a form of an older console with empty ones", () => {
  const kept = store();
  const possible = [
    { lat: 1, lon: 2, name: "甲", placeNo: 0, ruledOut: "", isCaller: false },
    { lat: 3, lon: 4, name: "乙", placeNo: 2, ruledOut: "问清", isCaller: true },
  ];
  const draft = {
    ...emptyDraft("139", "李"),
    facts: { weapon: "yes" as const, injury: "unknown" as const },
    possible,
    atScene: "no" as const,
    atSceneOf: "1,2,600",
    dismissedIds: ["J1"],
    different: "往东跑",
    priority: 2,
  };
  keepDraft(kept, "s1", "C1", draft);
  expect(readDraft(kept, "s1", "C1")).toEqual(draft);
  kept.setItem("kuaifan.draft.s1.C2", JSON.stringify({ narrative: "旧" }));
  expect(readDraft(kept, "s1", "C2")).toEqual({ ...emptyDraft(), narrative: "旧" });
});

test("half-written forms are listed, newest first, of this seat only, and no empty ones", () => {
  const kept = store();
  const begun = (savedAtMs: number): Draft => ({ ...emptyDraft(), narrative: "x", savedAtMs });
  keepDraft(kept, "intake-1", "C1", begun(1));
  keepDraft(kept, "intake-1", "C2", begun(2));
  keepDraft(kept, "intake-1", "C3", emptyDraft("139"));
  // Saved and told; and saved, with words that the record does not have.
  const told = { ...nothingSent(), narrative: "x" };
  keepDraft(kept, "intake-1", "C4", { ...begun(4), incidentId: "J1", sent: told });
  keepDraft(kept, "intake-1", "C7", { ...begun(7), incidentId: "J1" });
  keepDraft(kept, "intake-11", "C5", begun(5));
  keepDraft(kept, "intake-1", "C6", { ...emptyDraft(), facts: { weapon: "no" }, savedAtMs: 3 });
  const ids = listDrafts(kept, "intake-1").map((each) => each.callId);
  expect(ids).toEqual(["C7", "C6", "C2", "C1"]);
});

test("a draft that cannot be read is no draft", () => {
  const kept = store();
  kept.setItem("kuaifan.draft.s1.C1", "{");
  expect(readDraft(kept, "s1", "C1")).toBeNull();
  expect(listDrafts(kept, "s1")).toEqual([]);
});

test("a suggestion never overrides the type that a hand chose", () => {
  const draft = emptyDraft();
  expect(suggestType(draft, "010201").typeCode).toBe("010201");
  const chosen = { ...draft, typeCode: "020101", isTypeManual: true };
  expect(suggestType(chosen, "010201").typeCode).toBe("020101");
});

test("a type is enough to save; to send ahead takes a place and a level", () => {
  expect(missing(emptyDraft())).toEqual(["type"]);
  expect(missing({ ...emptyDraft(), typeCode: "1" })).toEqual([]);
  expect(missingToPush(emptyDraft())).toEqual(["place", "level"]);
  expect(missingToPush({ ...emptyDraft(), placeText: "桥下", priority: 1 })).toEqual([]);
  expect(missingToPush({ ...emptyDraft(), placeText: "桥下", typeCode: "1" })).toEqual([]);
});

test("a call whose incident stands already brings it; one that was attached overwrites nothing", () => {
  const row = incident({ call_ids: ["C1", "C2"], narrative: "火", address: "桥", type_code: "05" });
  const call = (call_id: string): CallRow => ({ call_id, caller_number: "139" }) as CallRow;
  const first = draftOf(row, call("C1"));
  expect([first.narrative, first.typeCode, first.isAttached]).toEqual(["火", "05", false]);
  expect(first.sent.narrative).toBe("火");
  const second = draftOf(row, call("C2"));
  expect([second.narrative, second.isAttached, second.incidentId]).toEqual(["", true, "J1"]);
});

test("only answers that the record does not have are sent", () => {
  const facts = { weapon: "yes", injury: "no" } as const;
  expect(unsentFacts(facts, { weapon: "yes", injury: "yes" })).toEqual([["injury", "no"]]);
});

test("a box goes yes, no, not known; what is recorded is never taken out again", () => {
  expect(nextAnswer("", false)).toBe("yes");
  expect(nextAnswer("yes", false)).toBe("no");
  expect(nextAnswer("unknown", false)).toBe("");
  expect(nextAnswer("unknown", true)).toBe("yes");
});

test("an answer is for where the caller was: one who has moved is asked about anew", () => {
  const call = { lat: 1, lon: 2, uncertainty_m: 600 } as CallRow;
  const draft = { ...emptyDraft(), atScene: "no" as const, atSceneOf: spotOf(call) };
  expect(sceneAnswer(draft, call)).toBe("no");
  expect(sceneAnswer(draft, { ...call, lat: 1.1 })).toBe("");
  expect(spotOf({ ...call, uncertainty_m: -1 })).toBe("");
});

test("the painted order of duplicates stays: what is new comes behind", () => {
  const near = (incident_id: string, distanceM: number): Nearby => ({
    row: incident({ incident_id }),
    distanceM,
    isSameNumber: false,
    isSuggested: false,
  });
  const kept = keepOrder([near("J3", 10), near("J1", 50), near("J2", 90)], ["J1", "J2"]);
  expect(kept.map(({ row }) => row.incident_id)).toEqual(["J1", "J2", "J3"]);
});

test("dangers of places are those within their own radius, nearest first", () => {
  const note = (note_id: string, lat: number, radius_m: number): PremiseNoteRow =>
    ({ note_id, lat, lon: 120, radius_m, kind: "dog", text: note_id, expires_at_ms: 9 }) as PremiseNoteRow;
  const notes = { N1: note("N1", 30.0005, 80), N2: note("N2", 30.0001, 20), N3: note("N3", 30.001, 80) };
  const found = premisesNear(notes, { lat: 30, lon: 120 });
  expect(found.map((each) => [each.note_id, each.distance_m])).toEqual([["N2", 11], ["N1", 56]]);
});

test("a caller's circle is as wide as it is unsure, and says so when it is no candidate", () => {
  const circle = { lat: 30, lon: 120, radiusM: 600, text: "±600", isRuledOut: true };
  const [ring, middle] = callerFeatures(circle).features;
  const corners = (ring?.geometry.coordinates as [number, number][][])[0] ?? [];
  for (const [lon, lat] of corners) {
    expect(distanceM({ lat: 30, lon: 120 }, { lat, lon })).toBeCloseTo(600, -1);
  }
  expect(middle?.properties).toEqual({ label: "±600", out: 1 });
  expect(callerFeatures(null).features).toEqual([]);
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
  const other = { ...around, dismissedIds: ["J1"], suggestedIds: ["J3"] };
  const judged = listNearby(incidents, calls, other);
  expect(judged.map(({ row }) => row.incident_id)).toEqual(["J3", "J4"]);
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
