import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import { RefusedError } from "../src/api/client";
import { Outbox, type Tap } from "../src/pages/patrol/outbox";
import { nDone, nextStep, project } from "../src/pages/patrol/steps";
import { order } from "./rows";

let unit = 0;
let sent: Tap[] = [];
let waiting: Tap[] = [];
let refused: string[] = [];
let isUp = true;

async function send(tap: Tap): Promise<void> {
  if (!isUp) throw new TypeError("network");
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
