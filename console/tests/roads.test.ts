import { describe, expect, test } from "vitest";
import type { CircleRow, ClosureRow } from "../src/api/rows";
import { applyFrame, emptyViews, fromBoard, readCursor } from "../src/live/reducer";
import { closureFeatures, draftFeatures, middleOf } from "../src/map/roadFeatures";
import { parseLine } from "../src/pages/dispatch/commandLine";
import { MAX_POINTS, draw, fitPercent, type Drawing } from "../src/pages/dispatch/drawing";
import { findCircle } from "../src/pages/dispatch/resolve";
import { untilTime } from "../src/words/time";

const at = (n: number) => ({ lat: 30 + n / 1000, lon: 120 });
const nothing: Drawing = { phase: "line", points: [] };

function closure(given: Partial<ClosureRow>): ClosureRow {
  return {
    closure_id: "R1",
    points: [[30, 120]],
    lines: [
      [
        [30, 120],
        [30.001, 120],
        [30.004, 120],
      ],
    ],
    percent: 0,
    reason: "施工",
    by: "dispatch-1",
    until_ms: 0,
    both_ways: true,
    seq: 1,
    ...given,
  };
}

describe("drawing", () => {
  test("points are added and taken back, from none nothing is taken", () => {
    const two = [at(1), at(2)].reduce<Drawing | null>(
      (drawing, point) => drawing && draw(drawing, { do: "add", point }),
      nothing,
    );
    expect(two?.points).toEqual([at(1), at(2)]);
    expect(two && draw(two, { do: "drop" })?.points).toEqual([at(1)]);
    expect(draw(nothing, { do: "drop" })).toEqual(nothing);
  });

  test("a form needs a point; back from it the line is kept, back from the line it is given up", () => {
    expect(draw(nothing, { do: "go_on" })).toBe(nothing);
    const line: Drawing = { phase: "line", points: [at(1)] };
    const form = draw(line, { do: "go_on" });
    expect(form).toEqual({ phase: "form", points: [at(1)] });
    if (!form) throw new Error("no form");
    expect(draw(form, { do: "add", point: at(2) })).toBe(form);
    expect(draw(form, { do: "back" })).toEqual(line);
    expect(draw(line, { do: "back" })).toBeNull();
  });

  test("a line ends where the server's limit is", () => {
    const full: Drawing = { phase: "line", points: Array.from({ length: MAX_POINTS }, (_, n) => at(n)) };
    expect(draw(full, { do: "add", point: at(1) })).toBe(full);
  });

  test("a percentage is whole and within what can be sent", () => {
    expect([0, 2, 33.4, 99, NaN].map(fitPercent)).toEqual([50, 5, 33, 95, 50]);
  });
});

describe("the map", () => {
  test("a closure is its lines, longitude first, and a sign in the middle of the longest", () => {
    const rows = { R1: closure({}), R2: closure({ closure_id: "R2", percent: 50 }) };
    const { features } = closureFeatures(rows, "R2", (row) => row.reason);
    expect(features.map((each) => [each.geometry.type, each.properties?.["kind"]])).toEqual([
      ["MultiLineString", "closed"],
      ["Point", "closed"],
      ["MultiLineString", "slowed"],
      ["Point", "slowed"],
    ]);
    expect(features[0]?.geometry).toMatchObject({ coordinates: [[[120, 30], [120, 30.001], [120, 30.004]]] });
    expect(features.map((each) => each.properties?.["chosen"])).toEqual([0, 0, 1, 1]);
  });

  test("the middle is half-way along, not the middle point", () => {
    const [lon = 0, lat = 0] = middleOf(closure({}).lines);
    expect(lon).toBe(120);
    expect(lat).toBeCloseTo(30.002, 9);
    expect(middleOf([])).toEqual([]);
    expect(middleOf([[[30, 120]]])).toEqual([120, 30]);
  });

  test("one point is a dot, two are a line with numbered dots", () => {
    expect(draftFeatures([]).features).toEqual([]);
    expect(draftFeatures([at(1)]).features.map((each) => each.geometry.type)).toEqual(["Point"]);
    const { features } = draftFeatures([at(1), at(2)]);
    expect(features.map((each) => each.properties?.["n"])).toEqual([undefined, "1", "2"]);
  });
});

test("closures come and go with the frames", () => {
  const board = fromBoard({ seq: 1, now_ms: 0, views: emptyViews(), positions: null });
  const frame = (id: string, row: unknown) => ({
    cursor: readCursor(id),
    at_ms: 0,
    changes: [{ view: "closures", key: "R1", row }],
  });
  const closed = applyFrame(board, frame("2", closure({})));
  expect(closed.views.closures["R1"]?.reason).toBe("施工");
  expect(applyFrame(closed, frame("3", null)).views.closures).toEqual({});
});

test("the end of a closure is a time today, or a day and a time", () => {
  const now = Date.UTC(2026, 0, 1, 2, 0, 0);
  expect(untilTime(now + 4.5 * 3_600_000, now, "Asia/Shanghai")).toBe("14:30");
  expect(untilTime(now + 30 * 3_600_000, now, "Asia/Shanghai")).toBe("01-02 16:00");
});

test("a circle is found by code, by name, or by what only its name has", () => {
  const circle = (post_id: string, name: string): CircleRow => ({
    post_id,
    name,
    kind: "standby_post",
    lat: 30,
    lon: 120,
    state: "held",
    n_units: 2,
    rings: [],
  });
  const circles = { B1: circle("B1", "北门"), B2: circle("B2", "北门东"), S1: circle("S1", "南门") };
  expect(parseLine("Ｃ　北门")).toEqual({ verb: "circle", circle: "北门" });
  expect(parseLine("圈")).toMatchObject({ fault: "line.how.circle" });
  expect(findCircle("北门", circles)?.post_id).toBe("B1");
  expect(findCircle("b2", circles)?.post_id).toBe("B2");
  expect(findCircle("南", circles)?.post_id).toBe("S1");
  expect(findCircle("门", circles)).toBeNull();
});
