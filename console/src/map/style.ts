/** The map's style in code: no glyph and no sprite address, so nothing is asked of another host. */

import type {
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Palette } from "./palette";

/** Real family names: without a glyph address every label is drawn from the machine's fonts. */
export const FONT = [
  "Noto Sans CJK SC",
  "Noto Sans SC",
  "PingFang SC",
  "Microsoft YaHei",
  "sans-serif",
];

const MAJOR = ["motorway", "trunk", "primary"];
const MIDDLE = ["secondary", "tertiary", "motorway_link", "trunk_link", "primary_link"];

type Widths = [number, number, number, number];

function width(at10: number, at13: number, at15: number, at18: number): ExpressionSpecification {
  return [
    "interpolate",
    ["exponential", 1.5],
    ["zoom"],
    10,
    at10,
    13,
    at13,
    15,
    at15,
    18,
    at18,
  ];
}

function isClass(...classes: string[]): ExpressionSpecification {
  return ["in", ["get", "class"], ["literal", classes]];
}

const isMinor: ExpressionSpecification = ["!", isClass(...MAJOR, ...MIDDLE, "railway")];

/** Widths in px at zoom 10, 13, 15 and 18. */
const ROADS: [string, ExpressionSpecification, Widths, keyof Palette][] = [
  ["minor", isMinor, [0.2, 0.8, 3, 14], "roadMinor"],
  ["middle", isClass(...MIDDLE), [0.5, 1.8, 5, 20], "road"],
  ["major", isClass(...MAJOR), [1, 3.2, 7, 26], "roadMajor"],
];

export function makeStyle(palette: Palette, basemapUrl: string | null): StyleSpecification {
  const background: LayerSpecification = {
    id: "land",
    type: "background",
    paint: { "background-color": palette.land },
  };
  if (!basemapUrl) return { version: 8, sources: {}, layers: [background] };
  return {
    version: 8,
    sources: { city: { type: "vector", url: basemapUrl } },
    layers: [background, ...ground(palette), ...roads(palette), ...labels(palette)],
  };
}

function ground(palette: Palette): LayerSpecification[] {
  const fills = Object.entries(palette.landuse).flatMap(([kind, colour]) => [kind, colour]);
  const landuse = ["match", ["get", "kind"], ...fills, palette.land] as unknown as ExpressionSpecification;
  const isLine: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];
  const base = { source: "city" } as const;
  return [
    { ...base, id: "landuse", type: "fill", "source-layer": "landuse", paint: { "fill-color": landuse } },
    {
      ...base,
      id: "water",
      type: "fill",
      "source-layer": "water",
      filter: ["!", isLine],
      paint: { "fill-color": palette.water },
    },
    {
      ...base,
      id: "river",
      type: "line",
      "source-layer": "water",
      filter: ["all", isLine, ["==", ["get", "kind"], "river"]],
      paint: { "line-color": palette.water, "line-width": width(1, 2.5, 5, 12) },
    },
    {
      ...base,
      id: "buildings",
      type: "fill",
      "source-layer": "buildings",
      minzoom: 13,
      paint: { "fill-color": palette.building },
    },
    {
      ...base,
      id: "boundaries",
      type: "line",
      "source-layer": "boundaries",
      paint: {
        "line-color": palette.border,
        "line-width": ["match", ["get", "kind"], "district", 1.2, 0.7],
        "line-dasharray": [3, 3],
        "line-opacity": 0.7,
      },
    },
  ];
}

function roads(palette: Palette): LayerSpecification[] {
  const rail: LayerSpecification = {
    id: "railway",
    type: "line",
    source: "city",
    "source-layer": "roads",
    filter: isClass("railway"),
    paint: { "line-color": palette.railway, "line-width": 1, "line-dasharray": [6, 3] },
  };
  // Light roads are white on grey and need a rim; on the dark map the rim is the ground itself.
  const rims = ROADS.map(([id, filter, widths]): LayerSpecification => {
    const [a, b, c, d] = widths;
    const rim = width(a + 0.6, b + 1.2, c + 1.6, d + 2);
    return roadLayer(`rim-${id}`, filter, palette.roadCase, rim);
  });
  const lanes = ROADS.map(([id, filter, widths, colour]) =>
    roadLayer(`road-${id}`, filter, palette[colour] as string, width(...widths)),
  );
  return [...rims, rail, ...lanes];
}

function roadLayer(
  id: string,
  filter: ExpressionSpecification,
  colour: string,
  lineWidth: ExpressionSpecification,
): LayerSpecification {
  return {
    id,
    type: "line",
    source: "city",
    "source-layer": "roads",
    filter,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": lineWidth },
  };
}

function labels(palette: Palette): LayerSpecification[] {
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.4 };
  return [
    {
      id: "road-names",
      type: "symbol",
      source: "city",
      "source-layer": "roads",
      filter: ["has", "name"],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 320,
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 11, 10.5, 16, 13],
      },
      paint: { "text-color": palette.label, ...halo },
    },
    {
      id: "pois",
      type: "symbol",
      source: "city",
      "source-layer": "pois",
      filter: ["has", "name"],
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 11,
        "text-max-width": 9,
        "symbol-sort-key": ["get", "rank"],
        "text-padding": 6,
      },
      paint: { "text-color": palette.label, ...halo },
    },
    {
      id: "places",
      type: "symbol",
      source: "city",
      "source-layer": "places",
      filter: ["has", "name"],
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": ["match", ["get", "rank"], 1, 15, 2, 14, 12],
        "text-letter-spacing": 0.08,
        "symbol-sort-key": ["get", "rank"],
        "text-padding": 8,
      },
      paint: {
        "text-color": ["match", ["get", "kind"], "water", palette.waterLabel, palette.labelStrong],
        ...halo,
      },
    },
  ];
}
