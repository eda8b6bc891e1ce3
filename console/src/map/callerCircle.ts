/** Where a caller is (报警人定位圈): a circle as wide as it is unsure, with its source in words. */

import type { Feature, FeatureCollection, Point, Polygon } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import type { LonLat } from "./features";
import type { Palette } from "./palette";
import { FONT } from "./style";

export interface CallerCircle extends LonLat {
  radiusM: number;
  text: string;
  /** The caller is not at the scene: the circle is no candidate, and drawn as what it is not. */
  isRuledOut: boolean;
}

const N_CORNERS = 64;
const DEGREE_M = 111_195;

export function callerFeatures(circle: CallerCircle | null): FeatureCollection<Polygon | Point> {
  if (!circle) return { type: "FeatureCollection", features: [] };
  const properties = { label: circle.text, out: circle.isRuledOut ? 1 : 0 };
  const ring: Feature<Polygon> = {
    type: "Feature",
    geometry: { type: "Polygon", coordinates: [ringOf(circle)] },
    properties,
  };
  const middle: Feature<Point> = {
    type: "Feature",
    geometry: { type: "Point", coordinates: [circle.lon, circle.lat] },
    properties,
  };
  // At the rim: in the middle the incidents have their own words.
  const rim: Feature<Point> = {
    type: "Feature",
    geometry: { type: "Point", coordinates: [circle.lon, circle.lat + circle.radiusM / DEGREE_M] },
    properties: { ...properties, rim: 1 },
  };
  return { type: "FeatureCollection", features: [ring, middle, rim] };
}

function ringOf({ lat, lon, radiusM }: CallerCircle): [number, number][] {
  const wide = Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: N_CORNERS + 1 }, (_, i) => {
    const angle = (2 * Math.PI * (i % N_CORNERS)) / N_CORNERS;
    const reach = radiusM / DEGREE_M;
    return [lon + (reach * Math.cos(angle)) / wide, lat + reach * Math.sin(angle)];
  });
}

export function callerLayers(palette: Palette): LayerSpecification[] {
  const isOut = ["==", ["get", "out"], 1] as const;
  const color = ["case", [...isOut], palette.away, palette.select] as never;
  return [
    {
      id: "caller-ground",
      type: "fill",
      source: "caller",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": color, "fill-opacity": 0.12 },
    },
    {
      id: "caller-rim",
      type: "line",
      source: "caller",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "line-color": color, "line-width": 2, "line-dasharray": [4, 2] },
    },
    {
      id: "caller-point",
      type: "circle",
      source: "caller",
      filter: ["all", ["==", ["geometry-type"], "Point"], ["!", ["has", "rim"]]],
      paint: {
        "circle-radius": 4,
        "circle-color": color,
        "circle-stroke-color": palette.halo,
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "caller-words",
      type: "symbol",
      source: "caller",
      filter: ["has", "rim"],
      layout: {
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 12,
        "text-anchor": "bottom",
        "text-max-width": 20,
        "text-offset": [0, -0.3],
        "text-allow-overlap": true,
      },
      paint: {
        "text-color": palette.text,
        "text-halo-color": palette.halo,
        "text-halo-width": 1.6,
      },
    },
  ];
}
