import { expect, test, vi } from "vitest";
import { Live } from "../src/live/live.svelte";
import { emptyViews } from "../src/live/reducer";
import { Desk } from "../src/pages/dispatch/desk.svelte";
import { incident } from "./rows";

function desk(): Desk {
  const live = new Live({ role: "dispatcher", seat: "dispatch-1", unit: "" });
  const incidents = { J1: incident({}), J2: incident({ incident_id: "J2" }) };
  live.snapshot = { cursor: { seq: 1, sub: 0 }, views: { ...emptyViews(), incidents } };
  return new Desk(live);
}

test("what is being asked stays open while its row changes, and goes with its incident", () => {
  const at = desk();
  at.select("J1");
  [at.asking, at.diverting] = ["backup", "P012"];
  // The row of the selected incident is a new one, and the map or the queue selects it again.
  const { snapshot } = at.live;
  const incidents = { ...snapshot.views.incidents, J1: incident({ seq: 9, n_sent: 1 }) };
  at.live.snapshot = { ...snapshot, views: { ...snapshot.views, incidents } };
  at.select("J1");
  expect([at.selected?.seq, at.asking, at.diverting]).toEqual([9, "backup", "P012"]);
  at.select("J2");
  expect([at.asking, at.diverting]).toEqual([null, null]);
});

test("a second undo that is pressed before the first is answered takes back the one before", async () => {
  const at = desk();
  const answers: (() => void)[] = [];
  const undone: number[] = [];
  vi.stubGlobal("fetch", (_path: string, request: RequestInit) => {
    undone.push((JSON.parse(String(request.body)) as { seq: number }).seq);
    const answer = Response.json({ seq: 100, events: [] });
    return new Promise((resolve) => answers.push(() => resolve(answer)));
  });
  at.undoables = [7, 8].map((seq) => ({ seq, untilMs: at.live.nowMs + 10_000, label: "" }));
  const presses = [at.undo(), at.undo()];
  for (const n of [1, 2]) {
    await vi.waitUntil(() => answers.length === n);
    answers[n - 1]?.();
  }
  expect(await Promise.all(presses)).toEqual([true, true]);
  expect(undone).toEqual([8, 7]);
  expect(at.undoables).toEqual([]);
  vi.unstubAllGlobals();
});
