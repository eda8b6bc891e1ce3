import { expect, test } from "vitest";
import {
  NOTHING,
  SHADES,
  paintCalls,
  paintChange,
  paintRings,
  shadeLimits,
  shadeOf,
  unreached,
} from "../src/pages/planning/planLayers";
import type { Compared, Paired, RingMap } from "../src/pages/planning/planningApi";

const at = (i: number, per_week: number, ring_min: number | null) => ({ lat: 30 + i / 100, lon: 117, per_week, ring_min });
const map: RingMap = {
  cell_m: 500,
  left_out: 0,
  bands: [
    { ring_min: 1, length_m: 900, share: 0.2, per_week: 20, lines: [[[117, 30], [117.1, 30]]] },
    { ring_min: 3, length_m: 2000, share: 0.6, per_week: 60, lines: [[[117, 30.1], [117.1, 30.1]]] },
  ],
  squares: [at(1, 40, 1), at(2, 20, 3), at(3, 3, null), at(4, 0.5, null)],
};

test("streets keep their ring, and only squares that none reaches are painted", () => {
  const painted = paintRings(map, false);
  expect(painted.streets.features.map((each) => each.properties?.["ring_min"])).toEqual([1, 3]);
  expect(unreached(map).map((each) => each.per_week)).toEqual([3, 0.5]);
  expect(painted.squares.features.map((each) => each.properties?.["kind"])).toEqual(["late", "late"]);
  expect(paintRings(map, true).squares.features).toEqual([]);
});

test("a square is as wide as it is high on the ground, around its middle", () => {
  const [first] = paintCalls(map).squares.features;
  const ring = (first?.geometry.type === "Polygon" ? first.geometry.coordinates[0] : []) ?? [];
  const [west, south] = ring[0] ?? [];
  const [east, north] = ring[2] ?? [];
  const high = ((north ?? 0) - (south ?? 0)) * 111_195;
  const wide = ((east ?? 0) - (west ?? 0)) * 111_195 * Math.cos((30.01 * Math.PI) / 180);
  expect(high).toBeCloseTo(500, 3);
  expect(wide).toBeCloseTo(500, 1);
  expect(((north ?? 0) + (south ?? 0)) / 2).toBeCloseTo(30.01, 9);
});

test("shades ascend with the calls, and equal squares have one shade", () => {
  const many = Array.from({ length: 100 }, (_, i) => at(i, i + 1, 1));
  const limits = shadeLimits(many);
  expect(limits).toEqual([51, 76, 91, 98]);
  expect(shadeOf(1, limits)).toBe(0);
  expect(shadeOf(100, limits)).toBe(SHADES.length - 1);
  expect(shadeLimits([at(1, 2, 1), at(2, 2, 1)])).toEqual([2]);
  expect(shadeLimits([])).toEqual([]);
});

test("a change that is not sure has a rim and no fill, and every square says its seconds", () => {
  const pair = (difference: number, low: number, high: number): Paired => ({
    key: "p90", unit: "s", old: 200, new: 200 + difference, difference, low, high, n: 40, n_days: 30,
  });
  const cell = (i: number, p90: Paired) => ({ cell: i, lat: 30 + i / 100, lon: 117, p50: p90, p90 });
  const cells = [cell(1, pair(-40, -60, -20)), cell(2, pair(30, 10, 50)), cell(3, pair(5, -9, 20))];
  const painted = paintChange({ cell_deg: 0.01, cells } as unknown as Compared);
  const [areas, labels] = [0, 1].map((odd) => painted.squares.features.filter((_, i) => i % 2 === odd)) as [
    typeof painted.squares.features,
    typeof painted.squares.features,
  ];
  expect(areas.map((each) => each.properties?.["kind"])).toEqual(["better", "worse", "unsure"]);
  expect(areas.map((each) => (each.properties?.["opacity"] as number) > 0)).toEqual([true, true, false]);
  expect(labels.map((each) => each.properties?.["label"])).toEqual(["-40", "+30", "+5"]);
  expect(painted.streets).toEqual(NOTHING.streets);
});
