/** Makes what the map draws out of the rows on the screen: pure, one function per source. */

import type { Feature, FeatureCollection, LineString, Point } from "geojson";
import type { Post } from "../api/city";
import type { CircleRow, IncidentRow, Positions, PremiseNoteRow, UnitRow, UnitState } from "../api/rows";

/** A fix older than this is drawn hollow, neither trusted nor hidden: the ranking's own limits. */
export const STALE_MOVING_MS = 120_000;
export const STALE_PARKED_MS = 900_000;
const PARKED_BELOW_MPS = 1;

export type UnitShape = "ready" | "under_way" | "on_scene" | "away";

export function shapeOf(state: UnitState): UnitShape {
  if (state === "en_route" || state === "assigned") return "under_way";
  if (state === "on_scene") return "on_scene";
  if (state === "meal" || state === "training" || state === "elsewhere") return "away";
  return "ready";
}

export interface LonLat {
  lon: number;
  lat: number;
}

export interface Pin extends LonLat {
  icon: string;
  text: string;
}

export interface Line {
  from: LonLat;
  to: LonLat;
  /** proposed: dashed; sent: a unit of this incident on its way. */
  kind: "first" | "proposed" | "sent";
}

type Points = FeatureCollection<Point>;

function point(at: LonLat, properties: Record<string, unknown>): Feature<Point> {
  return { type: "Feature", geometry: { type: "Point", coordinates: [at.lon, at.lat] }, properties };
}

export function unitPoints(
  positions: Positions | null,
  units: Record<string, UnitRow>,
  nowMs: number,
): Points {
  const features: Feature<Point>[] = [];
  positions?.unit_ids.forEach((unitId, i) => {
    const unit = units[unitId];
    const [lon, lat] = [positions.lon[i], positions.lat[i]];
    if (!unit || lon === undefined || lat === undefined || !Number.isFinite(lon)) return;
    const shape = shapeOf(unit.state);
    const fixAtMs = positions.fix_at_ms[i] ?? 0;
    const isParked = (positions.speed_mps[i] ?? 0) < PARKED_BELOW_MPS;
    const limitMs = isParked ? STALE_PARKED_MS : STALE_MOVING_MS;
    const isStale = shape !== "away" && nowMs - fixAtMs > limitMs;
    const heading = positions.heading_deg[i] ?? -1;
    features.push(
      point(
        { lon, lat },
        {
          unit_id: unitId,
          icon: `unit-${shape}${isStale ? "-stale" : ""}`,
          // Only a triangle points somewhere; an unknown heading stands upright.
          turn: shape === "under_way" && heading >= 0 ? heading : 0,
          label: unit.call_sign,
        },
      ),
    );
  });
  return { type: "FeatureCollection", features };
}

export function incidentPoints(
  incidents: Record<string, IncidentRow>,
  selectedId: string | null,
): Points {
  const features = Object.values(incidents)
    // What is put off asks nobody yet.
    .filter((row) => row.is_placed && row.state !== "scheduled")
    .map((row) => {
      const isSelected = row.incident_id === selectedId;
      return point(row, {
        incident_id: row.incident_id,
        icon: `level-${row.priority}${isSelected ? "-selected" : ""}`,
        label: row.incident_id,
        // Drawn last, so on top: the selected one, then the most urgent.
        order: isSelected ? 10 : 5 - row.priority,
        faint: row.n_sent >= row.n_needed && !isSelected ? 1 : 0,
      });
    });
  return { type: "FeatureCollection", features };
}

export function circlePoints(circles: Record<string, CircleRow>): Points {
  const features = Object.values(circles).map((row) =>
    point(row, {
      post_id: row.post_id,
      icon: `circle-${row.state}`,
      label: row.state === "held" ? "" : row.name,
      state: row.state,
      order: row.state === "lost" ? 2 : row.state === "edge" ? 1 : 0,
    }),
  );
  return { type: "FeatureCollection", features };
}

/** A house and its name, where its circle does not say it already. */
export function postPoints(posts: readonly Post[]): Points {
  const features = posts.map((post) => point(post, { label: `⌂\n${post.name}` }));
  return { type: "FeatureCollection", features };
}

export function premisePoints(notes: Record<string, PremiseNoteRow>): Points {
  const features = Object.values(notes).map((note) => point(note, { label: `⚠\n${note.text}` }));
  return { type: "FeatureCollection", features };
}

export function pinPoints(pins: readonly Pin[]): Points {
  const features = pins.map((pin) => point(pin, { icon: pin.icon, label: pin.text }));
  return { type: "FeatureCollection", features };
}

export function lineFeatures(lines: readonly Line[]): FeatureCollection<LineString> {
  const features = lines.map(
    ({ from, to, kind }): Feature<LineString> => ({
      type: "Feature",
      geometry: {
        type: "LineString",
        coordinates: [
          [from.lon, from.lat],
          [to.lon, to.lat],
        ],
      },
      properties: { kind },
    }),
  );
  return { type: "FeatureCollection", features };
}

export function placeOf(positions: Positions | null, unitId: string): LonLat | null {
  const i = positions?.unit_ids.indexOf(unitId) ?? -1;
  const [lon, lat] = [positions?.lon[i], positions?.lat[i]];
  return lon === undefined || lat === undefined ? null : { lon, lat };
}

/** Lines to the selected incident: from the painted candidates, and from units on their way. */
export function linesTo(
  row: IncidentRow | null,
  candidateIds: readonly string[],
  positions: Positions | null,
): Line[] {
  if (!row?.is_placed) return [];
  const lines: Line[] = [];
  const add = (unitId: string, kind: Line["kind"]): void => {
    const from = placeOf(positions, unitId);
    if (from) lines.push({ from, to: { lon: row.lon, lat: row.lat }, kind });
  };
  candidateIds.forEach((unitId, i) => add(unitId, i === 0 ? "first" : "proposed"));
  for (const order of row.orders) {
    if (["dispatched", "acknowledged", "en_route"].includes(order.state)) add(order.unit_id, "sent");
  }
  return lines;
}
