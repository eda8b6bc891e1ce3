/** The layers of the roads: rings of a circle, closures under what moves, a line being drawn. */

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
    const widthPx = 5.5 - (3.7 * i) / last;
    return {
      id: `ring-${i}`,
      type: "line",
      source: "rings",
      filter: ["==", ["get", "ring_min"], minutes],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": palette.rings[Math.min(i, 2)] ?? palette.select,
        "line-width": [
          "interpolate",
          ["linear"],
          ["zoom"],
          11,
          0.6 * widthPx,
          14,
          widthPx,
          17,
          1.7 * widthPx,
        ],
      },
    };
  });
}

export function closureLayers(palette: Palette): LayerSpecification[] {
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.6 };
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
        "line-color": [
          "case",
          ["==", ["get", "chosen"], 1],
          palette.select,
          isClosed,
          palette.lost,
          palette.outline,
        ],
        "line-width": ["match", ["get", "chosen"], 1, 14, 10],
      },
    },
    {
      id: "closures-closed",
      type: "line",
      source,
      filter: ["all", isLine, isClosed],
      layout: round,
      paint: { "line-color": palette.lost, "line-width": 9 },
    },
    {
      // Barrier tape: bars across the red.
      id: "closures-bars",
      type: "line",
      source,
      filter: ["all", isLine, isClosed],
      layout: round,
      paint: { "line-color": palette.bar, "line-width": 5.5, "line-dasharray": [0.6, 1.1] },
    },
    {
      id: "closures-slowed",
      type: "line",
      source,
      filter: ["all", isLine, ["!", isClosed]],
      layout: round,
      paint: { "line-color": palette.edge, "line-width": 5, "line-dasharray": [2.2, 1.1] },
    },
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
        // Why and until when is never left out; it goes to the side that is free.
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 1.1,
        "text-justify": "auto",
        "text-allow-overlap": true,
      },
      paint: { "text-color": ["match", ["get", "kind"], "closed", palette.lost, palette.edge], ...halo },
    },
  ];
}

/** A line being drawn: above everything, as it is what the hand does now. */
export function draftLayers(palette: Palette): LayerSpecification[] {
  return [
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
