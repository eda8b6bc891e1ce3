/** The layers of the roads, under what moves: rings of a circle, closures, a line being drawn. */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";
import { FONT } from "./style";

const isLine: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];
const isPoint: ExpressionSpecification = ["==", ["geometry-type"], "Point"];
const isClosed: ExpressionSpecification = ["==", ["get", "kind"], "closed"];

/** The nearer a ring, the wider and stronger its roads. */
export function ringLayers(palette: Palette, ringsMin: readonly number[]): LayerSpecification[] {
  const last = Math.max(1, ringsMin.length - 1);
  return [...ringsMin].reverse().map((minutes): LayerSpecification => {
    const i = ringsMin.indexOf(minutes);
    return {
      id: `ring-${i}`,
      type: "line",
      source: "rings",
      filter: ["==", ["get", "ring_min"], minutes],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": palette.rings[Math.min(i, 2)] ?? palette.select,
        "line-width": 5.5 - (3.7 * i) / last,
      },
    };
  });
}

export function closureLayers(palette: Palette): LayerSpecification[] {
  const source = "closures";
  const round = { "line-join": "round" } as const;
  return [
    {
      id: "closures-rim",
      type: "line",
      source,
      filter: isLine,
      layout: { ...round, "line-cap": "round" },
      paint: {
        "line-color": ["match", ["get", "chosen"], 1, palette.select, palette.outline],
        "line-width": ["match", ["get", "chosen"], 1, 14, 10],
      },
    },
    {
      id: "closures-closed",
      type: "line",
      source,
      filter: ["all", isLine, isClosed],
      layout: round,
      paint: { "line-color": palette.lost, "line-width": 7 },
    },
    {
      // Barrier tape: bars across the red.
      id: "closures-bars",
      type: "line",
      source,
      filter: ["all", isLine, isClosed],
      layout: round,
      paint: { "line-color": palette.bar, "line-width": 7, "line-dasharray": [0.45, 0.9] },
    },
    {
      id: "closures-slowed",
      type: "line",
      source,
      filter: ["all", isLine, ["!", isClosed]],
      layout: round,
      paint: { "line-color": palette.edge, "line-width": 5, "line-dasharray": [2.2, 1.1] },
    },
  ];
}

/** Signs and numbers: above the lines, below the units. */
export function roadSigns(palette: Palette): LayerSpecification[] {
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.6 };
  return [
    {
      id: "closures-signs",
      type: "symbol",
      source: "closures",
      filter: isPoint,
      layout: {
        "icon-image": ["concat", "road-", ["get", "kind"]],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 12,
        "text-anchor": "top",
        "text-offset": [0, 1],
        "text-optional": true,
      },
      paint: { "text-color": ["match", ["get", "kind"], "closed", palette.lost, palette.edge], ...halo },
    },
    {
      id: "draft-line",
      type: "line",
      source: "draft",
      filter: isLine,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": palette.select, "line-width": 4, "line-dasharray": [1, 1.6] },
    },
    {
      id: "draft-dots",
      type: "circle",
      source: "draft",
      filter: isPoint,
      paint: {
        "circle-radius": 9,
        "circle-color": palette.halo,
        "circle-stroke-color": palette.select,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "draft-numbers",
      type: "symbol",
      source: "draft",
      filter: isPoint,
      layout: {
        "text-field": ["get", "n"],
        "text-font": FONT,
        "text-size": 11,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": palette.text },
    },
  ];
}
