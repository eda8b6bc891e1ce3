import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CallRow, IncidentRow } from "../src/api/rows";
import { Live } from "../src/live/live.svelte";
import { emptyViews } from "../src/live/reducer";
import { listDrafts } from "../src/pages/intake/draft";
import { SHORT_AFTER, Taker } from "../src/pages/intake/taker.svelte";
import { incident } from "./rows";

const SEAT = "intake-1";
type Sent = { name: string; body: Record<string, unknown> };
let sent: Sent[] = [];
/** Commands that the server refuses, by name. */
let refused: string[] = [];
/** What happens on the desk while the server is asked. */
let meanwhile: (name: string) => void = () => undefined;

function answerTo(path: string, init: RequestInit): Response {
  const name = path.split("/").at(-1) ?? "";
  sent.push({ name, body: JSON.parse(String(init.body)) as Record<string, unknown> });
  meanwhile(name);
  if (refused.includes(name)) {
    return Response.json({ code: "no", reason_zh: `不可${name}`, reason_en: "no" }, { status: 409 });
  }
  const events = name === "OpenIncident" ? [{ type: "IncidentOpened", incident_id: "J9" }] : [];
  return Response.json({ seq: 100 + sent.length, events });
}

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

function call(call_id: string, given: Partial<CallRow> = {}): CallRow {
  const who = { caller_name: "", caller_number: "139", seat_id: SEAT, line: "110" };
  const row = { call_id, state: "ended", incident_id: "", uncertainty_m: -1, t0_ms: 0, ...who, ...given };
  return row as CallRow;
}

function desk(calls: CallRow[], incidents: IncidentRow[] = []): Taker {
  const taker = new Taker(new Live({ role: "call_taker", seat: SEAT, unit: "" }));
  show(taker, calls, incidents);
  return taker;
}

/** The board as the server has it now. */
function show(taker: Taker, calls: CallRow[], incidents: IncidentRow[]): void {
  const views = {
    ...emptyViews(),
    calls: Object.fromEntries(calls.map((row) => [row.call_id, row])),
    incidents: Object.fromEntries(incidents.map((row) => [row.incident_id, row])),
  };
  taker.live.snapshot = { cursor: { seq: 1, sub: 0 }, views };
}

function type(taker: Taker, words: Partial<Taker["draft"]>): void {
  Object.assign(taker.draft, words);
  taker.keep();
}

const names = (): string[] => sent.map((each) => each.name);
const drafts = (): string[] => listDrafts(localStorage, SEAT).map((each) => each.callId);

beforeEach(() => {
  [sent, refused, meanwhile] = [[], [], () => undefined];
  vi.stubGlobal("localStorage", store());
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => Promise.resolve(answerTo(path, init)));
});
afterEach(() => vi.unstubAllGlobals());

test("F9 tells the record everything that is news, and then nothing is left in the browser", async () => {
  const own = incident({ incident_id: "J1", call_ids: ["C1"], narrative: "火" });
  const taker = desk([call("C1", { state: "talking", incident_id: "J1" })], [own]);
  taker.open("C1");
  type(taker, { narrative: "火，有人", callerName: "李", facts: { injury: "yes" } });
  await taker.hangUp();
  expect(names()).toEqual(["HangUpCall", "UpdateIncident", "RecordFact", "UpdateCall"]);
  expect(taker.callId).toBeNull();
  expect([drafts(), localStorage.length]).toEqual([[], 0]);
});

test("the line of the short form is noted by F9 too", async () => {
  const calls = ["C1", "C2", "C3", "C4", "C5", "C6"];
  const many = incident({ incident_id: "J1", call_ids: calls });
  const taker = desk([call("C6", { state: "talking", incident_id: "J1" })], [many]);
  taker.open("C6");
  expect(taker.isShort).toBe(true);
  type(taker, { different: "往南跑了" });
  await taker.hangUp();
  expect(sent.at(-1)).toEqual({ name: "AddNote", body: { incident_id: "J1", text: "往南跑了" } });
  expect(taker.callId).toBeNull();
});

test("what the server refuses is not thrown away: F9 says it, a second F9 leaves it among the drafts", async () => {
  const own = incident({ incident_id: "J1", call_ids: ["C1"], narrative: "火" });
  const taker = desk([call("C1", { incident_id: "J1" })], [own]);
  taker.open("C1");
  refused = ["UpdateIncident"];
  type(taker, { narrative: "火，有人", facts: { injury: "yes" } });
  await taker.hangUp();
  expect(taker.callId).toBe("C1");
  expect(taker.said?.kind).toBe("no");
  expect(taker.said?.text).toContain("不可UpdateIncident");
  await taker.hangUp();
  expect(taker.callId).toBeNull();
  expect(drafts()).toEqual(["C1"]);
  taker.open("C1");
  expect(taker.draft.narrative).toBe("火，有人");
});

test("words about an incident that is gone from the board are kept, whatever F9 does", async () => {
  const own = incident({ incident_id: "J1", call_ids: ["C1"], narrative: "火" });
  const taker = desk([call("C1", { incident_id: "J1" })], [own]);
  taker.open("C1");
  type(taker, { narrative: "火，有人" });
  show(taker, [call("C1")], []);
  refused = ["UpdateIncident"];
  await taker.hangUp();
  await taker.hangUp();
  expect(drafts()).toEqual(["C1"]);
});

test("F9 on a form whose call is gone says so and keeps what was written; it can still be saved", async () => {
  const taker = desk([call("C1", { state: "talking" })]);
  taker.open("C1");
  type(taker, { narrative: "说到一半", callerName: "李", typeCode: "010101", isTypeManual: true });
  show(taker, [], []);
  await taker.hangUp();
  expect(sent).toEqual([]);
  expect(taker.said?.kind).toBe("no");
  expect(taker.callId).toBeNull();
  expect(drafts()).toEqual(["C1"]);
  taker.open("C1");
  expect(taker.draft.narrative).toBe("说到一半");
  await taker.save();
  expect(names()).toEqual(["OpenIncident", "AddNote"]);
  expect(sent[0]?.body["call_id"]).toBe("");
});

test("a form that was not saved stays for the work after the call; a second F9 puts it by", async () => {
  const taker = desk([call("C1", { state: "talking" })]);
  taker.open("C1");
  type(taker, { narrative: "说到一半" });
  await taker.hangUp();
  expect(taker.callId).toBe("C1");
  show(taker, [call("C1")], []);
  await taker.hangUp();
  expect([taker.callId, drafts()]).toEqual([null, ["C1"]]);
});

test("a call taken while another is being saved keeps its own form", async () => {
  const taker = desk([call("C1"), call("C2", { state: "talking" })]);
  taker.open("C1");
  type(taker, { narrative: "甲", typeCode: "010101", isTypeManual: true, facts: { weapon: "yes" } });
  meanwhile = (name) => {
    if (name !== "OpenIncident") return;
    taker.open("C2");
    type(taker, { narrative: "乙" });
  };
  await taker.save();
  expect(taker.callId).toBe("C2");
  expect([taker.draft.narrative, taker.draft.incidentId, taker.draft.facts]).toEqual(["乙", "", {}]);
  taker.open("C1");
  expect([taker.draft.narrative, taker.draft.incidentId]).toEqual(["甲", "J9"]);
});

test("the form never changes under the hand, however many call about the same", async () => {
  const ids = Array.from({ length: SHORT_AFTER }, (_, i) => `C${i}`);
  const own = (more: string[]): IncidentRow => incident({ incident_id: "J1", call_ids: [...ids, ...more] });
  const taker = desk([call("C9", { state: "talking" })], [incident({ incident_id: "J1", call_ids: ["C0"] })]);
  taker.open("C9");
  await taker.attach("J1");
  expect(taker.isShort).toBe(false);
  show(taker, [call("C9", { state: "talking", incident_id: "J1" })], [own(["C9"])]);
  expect(taker.isShort).toBe(false);
  // Nor the other way round, nor where a story is written already.
  taker.open("C9");
  expect(taker.isShort).toBe(true);
  show(taker, [call("C9", { state: "talking", incident_id: "J1" })], [incident({ incident_id: "J1" })]);
  expect(taker.isShort).toBe(true);
  const other = desk([call("C10", { state: "talking" })], [own([])]);
  other.open("C10");
  type(other, { narrative: "我看到烟" });
  await other.attach("J1");
  expect(other.isShort).toBe(false);
});

test("the answer whether the caller is at the scene can be changed, and the record follows", async () => {
  const spot = { lat: 30, lon: 120, uncertainty_m: 50, location_source: "handset" } as Partial<CallRow>;
  const own = incident({ incident_id: "J1", call_ids: ["C1"] });
  const taker = desk([call("C1", { state: "talking", incident_id: "J1", ...spot })], [own]);
  taker.open("C1");
  await taker.sayAtScene("yes");
  await taker.sayAtScene("yes");
  expect(names()).toEqual(["AddPossiblePlace"]);
  taker.draft.possible = taker.draft.possible.map((place) => ({ ...place, placeNo: 1 }));
  await taker.sayAtScene("no");
  expect(sent.at(-1)).toMatchObject({ name: "RuleOutPlace", body: { incident_id: "J1", place_no: 1 } });
  await taker.sayAtScene("yes");
  expect(names()).toEqual(["AddPossiblePlace", "RuleOutPlace", "AddPossiblePlace"]);
  expect(taker.draft.possible.map((place) => place.ruledOut)).toEqual([""]);
});

test("without a position of the caller the question says that there is nothing to answer", async () => {
  const taker = desk([call("C1", { state: "talking" })]);
  taker.open("C1");
  await taker.sayAtScene("yes");
  expect([taker.draft.atScene, taker.said?.kind]).toEqual(["", "no"]);
});
