import { expect, test } from "vitest";
import {
  applyFrame,
  emptyViews,
  fromBoard,
  readCursor,
  writeCursor,
  type Snapshot,
} from "../src/live/reducer";
import { incident, unit } from "./rows";

const board = fromBoard({
  seq: 10,
  now_ms: 0,
  views: { ...emptyViews(), incidents: { J1: incident({}) }, units: { P012: unit({}) } },
  positions: null,
});

function frame(id: string, view: string, key: string, row: unknown) {
  return { cursor: readCursor(id), at_ms: 0, changes: [{ view, key, row }] };
}

test("a row replaces the row of its key, null takes it away", () => {
  const merged = applyFrame(board, frame("11", "incidents", "J2", incident({ incident_id: "J2" })));
  expect(Object.keys(merged.views.incidents)).toEqual(["J1", "J2"]);
  const closed = applyFrame(merged, frame("12", "incidents", "J1", null));
  expect(Object.keys(closed.views.incidents)).toEqual(["J2"]);
  expect(board.views.incidents).toHaveProperty("J1");
});

test("a frame that was seen before changes nothing", () => {
  expect(applyFrame(board, frame("10", "incidents", "J1", null))).toBe(board);
  const later = applyFrame(board, frame("10-2", "alarms", "a", { key: "a" }));
  expect(later.views.alarms).toHaveProperty("a");
  expect(applyFrame(later, frame("10-1", "alarms", "a", null))).toBe(later);
});

test("views that did not change keep their identity", () => {
  const next = applyFrame(board, frame("11", "incidents", "J1", null));
  expect(next.views.units).toBe(board.views.units);
});

test("a view that the console does not know is kept apart and breaks nothing", () => {
  const next = applyFrame(board, frame("11", "cameras", "k", { key: "k" }));
  expect(next.views.incidents).toBe(board.views.incidents);
});

test("a stream cut and repeated ends where an uncut one ends", () => {
  const frames = Array.from({ length: 9 }, (_, i) =>
    frame(String(11 + i), "incidents", `J${i % 3}`, i % 4 === 3 ? null : incident({ seq: i })),
  );
  const uncut = frames.reduce(applyFrame, board);
  let cut: Snapshot = board;
  for (let i = 0; i < frames.length; i += 1) {
    for (const each of frames.slice(Math.max(0, i - 3), i + 1)) cut = applyFrame(cut, each);
  }
  expect(cut).toEqual(uncut);
});

test("cursors read back as they are written", () => {
  for (const text of ["0", "813", "813-2"]) expect(writeCursor(readCursor(text))).toBe(text);
});
