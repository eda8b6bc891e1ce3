import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LoggedOffError, RefusedError } from "../src/api/client";
import { Outbox, type Tap } from "../src/pages/patrol/outbox";
import { nDone, nextStep, owesChange, project } from "../src/pages/patrol/steps";
import { order } from "./rows";

let unit = 0;
let sent: Tap[] = [];
let waiting: Tap[] = [];
let refused: string[] = [];
let isUp = true;
let isOut = false;

async function send(tap: Tap): Promise<void> {
  if (!isUp) throw new TypeError("network");
  if (isOut) throw new LoggedOffError("logged_off");
  if (tap.body["order_id"] === "gone") throw new RefusedError("withdrawn", "已撤回", "gone", 409, 0);
  sent.push(tap);
}

async function open(name = `U${unit}`): Promise<Outbox> {
  return await Outbox.open(
    name,
    send,
    (list) => (waiting = list),
    (_tap, error) => refused.push(error.code),
  );
}

beforeEach(() => {
  unit += 1;
  [sent, waiting, refused, isUp] = [[], [], [], true];
});

test("taps made offline are sent later, once each, in order, with the time of the finger", async () => {
  isUp = false;
  const outbox = await open();
  await outbox.add("AcknowledgeOrder", { order_id: "J1-1" }, 111);
  await outbox.add("ReportEnRoute", { order_id: "J1-1" }, 222);
  expect(waiting).toHaveLength(2);
  isUp = true;
  await outbox.flush();
  await outbox.flush();
  expect(sent.map((tap) => [tap.name, tap.tappedAtMs])).toEqual([
    ["AcknowledgeOrder", 111],
    ["ReportEnRoute", 222],
  ]);
  expect(waiting).toEqual([]);
});

test("taps survive a reload, with the keys that they had", async () => {
  isUp = false;
  const before = await open();
  await before.add("AcknowledgeOrder", { order_id: "J1-1" }, 111);
  const key = waiting[0]?.key;
  before.close();
  waiting = [];
  isUp = true;
  const after = await open();
  await after.flush();
  expect(sent.map((tap) => tap.key)).toEqual([key]);
});

test("a refusal is told and does not hold up what comes after it", async () => {
  isUp = false;
  const outbox = await open();
  await outbox.add("ReportEnRoute", { order_id: "gone" }, 1);
  await outbox.add("ReportArrival", { order_id: "J1-1" }, 2);
  isUp = true;
  await outbox.flush();
  expect(refused).toEqual(["withdrawn"]);
  expect(sent.map((tap) => tap.name)).toEqual(["ReportArrival"]);
});

test("no answer stops the rest, so that nothing overtakes", async () => {
  isUp = false;
  const outbox = await open();
  await outbox.add("ReportArrival", { order_id: "J1-1" }, 1);
  await outbox.flush();
  expect(sent).toEqual([]);
  expect(waiting).toHaveLength(1);
});

test("two units on one phone do not share taps", async () => {
  isUp = false;
  const mine = await open();
  await mine.add("ReportArrival", { order_id: "J1-1" }, 1);
  await open(`other${unit}`);
  expect(waiting).toEqual([]);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("without a store a tap goes out at once; offline the page holds it, says so, and sends it later", async () => {
  vi.stubGlobal("indexedDB", undefined);
  const outbox = await open();
  await outbox.add("DeclareEmergency", { unit_id: "U" }, 111);
  expect(sent.map((tap) => [tap.name, tap.tappedAtMs])).toEqual([["DeclareEmergency", 111]]);
  isUp = false;
  await outbox.add("ReportArrival", { order_id: "J1-1" }, 222);
  await outbox.add("ReportHandled", { order_id: "J1-1" }, 333);
  expect(waiting.map((tap) => tap.isUnkept)).toEqual([true, true]);
  expect(await outbox.remove(waiting[1]?.n ?? 0)).toBe(true);
  isUp = true;
  await outbox.flush();
  await outbox.flush();
  expect(sent.map((tap) => tap.name)).toEqual(["DeclareEmergency", "ReportArrival"]);
  expect(new Set(sent.map((tap) => tap.key)).size).toBe(2);
  expect(waiting).toEqual([]);
  outbox.close();
});

test("a store that never answers is waited for two seconds, no longer", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("indexedDB", { open: () => ({}) });
  const opening = open();
  await vi.advanceTimersByTimeAsync(2_000);
  await (await opening).add("DeclareEmergency", { unit_id: "U" }, 1);
  expect(sent).toHaveLength(1);
});

test("a store that stops writing loses no tap: what it has and what it refused both go out", async () => {
  isUp = false;
  const outbox = await open();
  await outbox.add("AcknowledgeOrder", { order_id: "J1-1" }, 1);
  const full = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  await outbox.add("ReportEnRoute", { order_id: "J1-1" }, 2);
  full.mockRestore();
  expect(waiting.map((tap) => tap.isUnkept ?? false)).toEqual([false, true]);
  isUp = true;
  await outbox.flush();
  expect(sent.map((tap) => tap.name)).toEqual(["AcknowledgeOrder", "ReportEnRoute"]);
});

test("waiting taps show in the steps, and never lead backwards", () => {
  const tap = (name: string): Tap => ({ n: 1, key: "k", name, body: { order_id: "J1-1" }, tappedAtMs: 0 });
  expect(project(order({}), [tap("ReportEnRoute")])).toBe("en_route");
  expect(project(order({ state: "on_scene" }), [tap("AcknowledgeOrder")])).toBe("on_scene");
  expect(project(order({ state: "withdrawn" }), [tap("ReportArrival")])).toBe("withdrawn");
  expect(project(order({ order_id: "J2-1" }), [tap("ReportArrival")])).toBe("dispatched");
});

test("the next step follows the state", () => {
  expect(nextStep("dispatched")).toBe("AcknowledgeOrder");
  expect(nextStep("handled")).toBe("GiveFeedback");
  expect(nextStep("fed_back")).toBeNull();
  expect(nextStep("withdrawn")).toBeNull();
  expect(nDone("on_scene")).toBe(3);
});

test("a change signed offline is signed, a later one is not", () => {
  const signed = (no: number): Tap => {
    const body = { order_id: "J1-1", amendment_no: no };
    return { n: 1, key: "k", name: "AcknowledgeAmendment", body, tappedAtMs: 0 };
  };
  const changed = order({ state: "en_route", amendment_no: 2, amendment_signed_no: 0 });
  expect(owesChange(changed, [])).toBe(true);
  expect(owesChange(changed, [signed(2)])).toBe(false);
  expect(owesChange(changed, [signed(1)])).toBe(true);
  expect(owesChange({ ...changed, amendment_signed_no: 2 }, [])).toBe(false);
  const handled: Tap = { ...signed(0), name: "ReportHandled" };
  expect(owesChange(changed, [handled])).toBe(false);
});

test("a tap waits for the next log-on: a session that is over drops nothing", async () => {
  isOut = true;
  const outbox = await open();
  await outbox.add("AcknowledgeOrder", { order_id: "J1-1" }, 111);
  expect([waiting.length, sent, refused]).toEqual([1, [], []]);
  isOut = false;
  await outbox.flush();
  expect(sent.map((tap) => tap.name)).toEqual(["AcknowledgeOrder"]);
});
