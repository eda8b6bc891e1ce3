/** The layers of what moves and changes, above the basemap: sources, symbols, lines. */

import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as GlMap } from "maplibre-gl";
import { RATIO, makeIcons } from "./icons";
import type { Palette } from "./palette";
import { callerLayers } from "./callerCircle";
import { closureLayers, draftLayers, ringLayers } from "./roadLayers";
import { FONT } from "./style";

export const SOURCES = [
  "rings",
  "closures",
  "draft",
  "caller",
  "posts",
  "premises",
  "circles",
  "lines",
  "units",
  "incidents",
  "pins",
] as const;
export type SourceName = (typeof SOURCES)[number];

const UNIT_NAMES_FROM_ZOOM = 13.2;

export function addOverlays(map: GlMap, palette: Palette, ringsMin: readonly number[]): void {
  for (const { name, image } of makeIcons(palette)) {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: RATIO });
  }
  for (const name of SOURCES) {
    if (!map.getSource(name)) {
      map.addSource(name, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    }
  }
  // Under the names of the streets, which are then read on them.
  const names = map.getLayer("road-names") ? "road-names" : undefined;
  for (const layer of ringLayers(palette, ringsMin)) map.addLayer(layer, names);
  const above = [...closureLayers(palette), ...callerLayers(palette), ...layers(palette), ...draftLayers(palette)];
  for (const layer of above) map.addLayer(layer);
}

export function setData(map: GlMap, name: SourceName, data: GeoJSON.FeatureCollection): void {
  const source = map.getSource<GeoJSONSource>(name);
  void source?.setData(data);
}

/** Icons never give way to each other: a unit that vanishes under another one flickers. */
const ALWAYS = { "icon-allow-overlap": true, "icon-ignore-placement": true } as const;

function layers(palette: Palette): LayerSpecification[] {
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.4 };
  return [
    ...standing(palette),
    {
      id: "circles",
      type: "symbol",
      source: "circles",
      layout: {
        ...ALWAYS,
        "icon-image": ["get", "icon"],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.6, 13, 1, 16, 1.5],
        "symbol-sort-key": ["get", "order"],
        "text-field": ["step", ["zoom"], "", 12, ["get", "label"]],
        "text-font": FONT,
        "text-size": 11,
        "text-offset": [0, 1.7],
        "text-optional": true,
      },
      paint: {
        "text-color": ["match", ["get", "state"], "lost", palette.lost, palette.edge],
        ...halo,
      },
    },
    {
      id: "lines-proposed",
      type: "line",
      source: "lines",
      filter: ["!=", ["get", "kind"], "sent"],
      paint: {
        "line-color": palette.select,
        "line-width": ["match", ["get", "kind"], "first", 2.2, 1.2],
        "line-opacity": ["match", ["get", "kind"], "first", 1, 0.7],
        "line-dasharray": [3, 2.5],
      },
    },
    {
      id: "lines-sent",
      type: "line",
      source: "lines",
      filter: ["==", ["get", "kind"], "sent"],
      paint: { "line-color": palette.underWay, "line-width": 1.6, "line-opacity": 0.85 },
    },
    {
      id: "units",
      type: "symbol",
      source: "units",
      layout: {
        ...ALWAYS,
        "icon-image": ["get", "icon"],
        "icon-rotate": ["get", "turn"],
        "icon-rotation-alignment": "map",
        // On scene a unit stands beside the diamond of its incident, not under it.
        "icon-offset": [
          "match",
          ["get", "icon"],
          ["unit-on_scene", "unit-on_scene-stale"],
          ["literal", [15, 12]],
          ["literal", [0, 0]],
        ],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.65, 13, 0.9, 16, 1.15],
        "text-field": ["step", ["zoom"], "", UNIT_NAMES_FROM_ZOOM, ["get", "label"]],
        "text-font": FONT,
        "text-size": 11,
        "text-offset": [0, 1.15],
        "text-optional": true,
      },
      paint: { "text-color": palette.text, ...halo },
    },
    {
      id: "incidents",
      type: "symbol",
      source: "incidents",
      layout: {
        ...ALWAYS,
        "icon-image": ["get", "icon"],
        "symbol-sort-key": ["get", "order"],
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 12,
        "text-offset": [0, -1.6],
        "text-optional": true,
      },
      paint: {
        "text-color": palette.text,
        "icon-opacity": ["match", ["get", "faint"], 1, 0.75, 1],
        ...halo,
      },
    },
    {
      id: "pins",
      type: "symbol",
      source: "pins",
      layout: {
        ...ALWAYS,
        "icon-image": ["get", "icon"],
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 12,
        "text-offset": [0, 1.5],
        "text-optional": true,
      },
      paint: { "text-color": palette.text, ...halo },
    },
  ];
}

/** Posts, and dangers of places: small, under all that moves. */
function standing(palette: Palette): LayerSpecification[] {
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.4 };
  const label: ExpressionSpecification = ["get", "label"];
  const text = { "text-font": FONT, "text-field": label, "text-optional": true };
  return [
    {
      id: "posts",
      type: "symbol",
      source: "posts",
      layout: { ...text, "text-size": 11, "text-allow-overlap": true },
      paint: { "text-color": palette.labelStrong, ...halo },
    },
    {
      id: "premises",
      type: "symbol",
      source: "premises",
      layout: { ...text, "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": palette.edge, ...halo },
    },
  ];
}
