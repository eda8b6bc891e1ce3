/** What lies under the posts on the planner's map: streets by ring, squares by calls or by change. Pure. */

import type { Feature, FeatureCollection, MultiLineString, Point, Polygon } from "geojson";
import type { Compared, RingMap } from "./planningApi";
import { sayValue, verdictOf } from "./sayFigures";

export const LAYERS = ["rings", "calls", "none"] as const;
export type Layer = (typeof LAYERS)[number];

type Spot = { lat: number; lon: number };
export type Square = RingMap["squares"][number];
export interface Painted {
  streets: FeatureCollection<MultiLineString>;
  squares: FeatureCollection<Polygon | Point>;
}

const METRES_PER_DEGREE = 111_195;
/** So many of the squares are in a paler shade than the next. */
const SHADE_SHARES = [0.5, 0.75, 0.9, 0.97];
export const SHADES = [0.14, 0.26, 0.4, 0.56, 0.75] as const;
const SURE = 0.55;

const none = <G extends MultiLineString | Polygon | Point>(): FeatureCollection<G> => ({
  type: "FeatureCollection",
  features: [],
});
export const NOTHING: Painted = { streets: none(), squares: none() };

/** Least calls a week of each shade but the palest, ascending, in round numbers. */
export function shadeLimits(squares: readonly Square[]): number[] {
  const sorted = squares.map((each) => each.per_week).sort((a, b) => a - b);
  const limits = SHADE_SHARES.map((share) => round2(sorted[Math.floor(share * sorted.length)] ?? 0));
  return [...new Set(limits)].filter((limit) => limit > 0);
}

function round2(value: number): number {
  return Number(value.toPrecision(2));
}

export function shadeOf(perWeek: number, limits: readonly number[]): number {
  return limits.filter((limit) => perWeek >= limit).length;
}

/** Squares whose calls no ring reaches, most calls first. */
export function unreached(map: RingMap): Square[] {
  return map.squares.filter((each) => each.ring_min === null);
}

function around({ lat, lon }: Spot, latDeg: number, lonDeg: number): Polygon {
  const [s, n, w, e] = [lat - latDeg / 2, lat + latDeg / 2, lon - lonDeg / 2, lon + lonDeg / 2];
  return { type: "Polygon", coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] };
}

function square(map: RingMap, each: Square, kind: string, shade: number): Feature<Polygon> {
  const latDeg = map.cell_m / METRES_PER_DEGREE;
  const geometry = around(each, latDeg, latDeg / Math.cos((each.lat * Math.PI) / 180));
  return { type: "Feature", geometry, properties: { kind, opacity: SHADES[shade] } };
}

/**
 * Streets in the narrowest ring that reaches them, and where calls are that none reaches. Of one
 * post alone only the streets: what it does not reach another may.
 */
export function paintRings(map: RingMap, isOne: boolean): Painted {
  const limits = shadeLimits(map.squares);
  const streets = map.bands.map(
    ({ ring_min, lines }): Feature<MultiLineString> => ({
      type: "Feature",
      geometry: { type: "MultiLineString", coordinates: lines },
      properties: { ring_min },
    }),
  );
  const outside = isOne ? [] : unreached(map);
  const squares = outside.map((each) => square(map, each, "late", shadeOf(each.per_week, limits)));
  return {
    streets: { type: "FeatureCollection", features: streets },
    squares: { type: "FeatureCollection", features: squares },
  };
}

export function paintCalls(map: RingMap): Painted {
  const limits = shadeLimits(map.squares);
  const squares = map.squares.map((each) => square(map, each, "calls", shadeOf(each.per_week, limits)));
  return { ...NOTHING, squares: { type: "FeatureCollection", features: squares } };
}

/** Squares by how much sooner or later nine in ten are reached; what is unsure has a rim alone. */
export function paintChange(compared: Compared): Painted {
  const { cell_deg } = compared;
  const features = compared.cells.flatMap(({ lat, lon, p90 }): Feature<Polygon | Point>[] => {
    const kind = verdictOf(p90);
    const opacity = kind === "unsure" ? 0 : SURE;
    const label = sayValue(p90.difference, "s", true);
    return [
      { type: "Feature", geometry: around({ lat, lon }, cell_deg, cell_deg), properties: { kind, opacity } },
      { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { kind, label } },
    ];
  });
  return { ...NOTHING, squares: { type: "FeatureCollection", features } };
}
