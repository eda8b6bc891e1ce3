/** Makes what the map draws of the roads: closures, a line being drawn. Pure. */

import type { Feature, FeatureCollection, LineString, MultiLineString, Point, Position } from "geojson";
import type { ClosureRow } from "../api/rows";
import type { LonLat } from "./features";

type Pair = readonly [lat: number, lon: number];

function turned(line: readonly Pair[]): Position[] {
  return line.map(([lat, lon]) => [lon, lat]);
}

/** Lines of every closure, and a point with its sign in the middle of its longest line. */
export function closureFeatures(
  closures: Record<string, ClosureRow>,
  chosenId: string | null,
  label: (row: ClosureRow) => string,
): FeatureCollection<MultiLineString | Point> {
  const features = Object.values(closures).flatMap((row) => {
    const properties = {
      closure_id: row.closure_id,
      kind: row.percent === 0 ? "closed" : "slowed",
      chosen: row.closure_id === chosenId ? 1 : 0,
      label: label(row),
    };
    const lines: Feature<MultiLineString> = {
      type: "Feature",
      geometry: { type: "MultiLineString", coordinates: row.lines.map(turned) },
      properties,
    };
    const at = middleOf(row.lines);
    const sign: Feature<Point> = {
      type: "Feature",
      geometry: { type: "Point", coordinates: at },
      properties,
    };
    return at.length ? [lines, sign] : [lines];
  });
  return { type: "FeatureCollection", features };
}

/** Half-way along the longest line; empty where there is none. */
export function middleOf(lines: readonly (readonly Pair[])[]): Position {
  const measured = lines.map((line) => ({ line, length: lengthOf(line) }));
  const longest = measured.sort((a, b) => b.length - a.length)[0];
  if (!longest?.line[0]) return [];
  let left = longest.length / 2;
  for (let i = 1; i < longest.line.length; i += 1) {
    const [a, b] = [longest.line[i - 1], longest.line[i]];
    if (!a || !b) break;
    const step = lengthOf([a, b]);
    if (step > 0 && step >= left) {
      const share = left / step;
      return [a[1] + (b[1] - a[1]) * share, a[0] + (b[0] - a[0]) * share];
    }
    left -= step;
  }
  return [longest.line[0][1], longest.line[0][0]];
}

/** In degrees of latitude: only to be compared. */
function lengthOf(line: readonly Pair[]): number {
  return line.reduce((sum, at, i) => {
    const before = line[i - 1];
    if (!before) return 0;
    const narrow = Math.cos((at[0] * Math.PI) / 180);
    return sum + Math.hypot(at[0] - before[0], (at[1] - before[1]) * narrow);
  }, 0);
}

/** The line as far as it is drawn, with its points numbered. */
export function draftFeatures(
  points: readonly LonLat[],
): FeatureCollection<LineString | Point> {
  const coordinates = points.map(({ lon, lat }) => [lon, lat]);
  const dots = coordinates.map((at, i): Feature<Point> => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: at },
    properties: { n: String(i + 1) },
  }));
  const line: Feature<LineString> = {
    type: "Feature",
    geometry: { type: "LineString", coordinates },
    properties: {},
  };
  return { type: "FeatureCollection", features: points.length > 1 ? [line, ...dots] : dots };
}
