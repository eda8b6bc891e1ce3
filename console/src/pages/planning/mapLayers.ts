/** The layers under the posts of the planner's map: fills and rims of squares, streets of rings. */

import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as GlMap } from "maplibre-gl";
import type { Palette } from "../../map/palette";
import { ringLayers } from "../../map/roadLayers";
import { FONT } from "../../map/style";
import { NOTHING, type Painted } from "./planLayers";

const isArea: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
const isPoint: ExpressionSpecification = ["==", ["geometry-type"], "Point"];
const LABELS_FROM_ZOOM = 10.5;

export function addPlanLayers(map: GlMap, palette: Palette, ringsMin: readonly number[]): void {
  for (const [name, data] of [["rings", NOTHING.streets], ["squares", NOTHING.squares]] as const) {
    map.addSource(name, { type: "geojson", data });
  }
  const names = map.getLayer("road-names") ? "road-names" : undefined;
  for (const layer of [...squareLayers(palette), ...ringLayers(palette, ringsMin)]) map.addLayer(layer, names);
  map.addLayer(labelLayer(palette));
}

export function setPainted(map: GlMap, painted: Painted): void {
  void map.getSource<GeoJSONSource>("rings")?.setData(painted.streets);
  void map.getSource<GeoJSONSource>("squares")?.setData(painted.squares);
}

function squareLayers(palette: Palette): LayerSpecification[] {
  const colour: ExpressionSpecification = [
    "match",
    ["get", "kind"],
    ["late", "worse"],
    palette.edge,
    "unsure",
    palette.held,
    palette.select,
  ];
  return [
    {
      id: "squares",
      type: "fill",
      source: "squares",
      filter: isArea,
      paint: { "fill-color": colour, "fill-opacity": ["get", "opacity"] },
    },
    {
      id: "square-rims",
      type: "line",
      source: "squares",
      filter: ["all", isArea, ["!=", ["get", "kind"], "calls"]],
      paint: { "line-color": colour, "line-width": 1 },
    },
  ];
}

/** Seconds sooner or later, in the square: a colour alone says it to nobody who sees none. */
function labelLayer(palette: Palette): LayerSpecification {
  return {
    id: "square-labels",
    type: "symbol",
    source: "squares",
    filter: isPoint,
    minzoom: LABELS_FROM_ZOOM,
    layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 11 },
    paint: { "text-color": palette.text, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
  };
}
