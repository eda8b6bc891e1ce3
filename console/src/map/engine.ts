/** Starts MapLibre the one way that works here: own worker file, own protocol, no outside address. */

import { Map as GlMap, addProtocol, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";
import type { City } from "../api/city";
import { PALETTES } from "./palette";
import { makeStyle } from "./style";
import type { Theme } from "../shell/settings.svelte";

let isPrepared = false;

function prepare(): void {
  if (isPrepared) return;
  isPrepared = true;
  // Without its address a bundled worker is not found, and the map never loads, without a word.
  setWorkerUrl(workerUrl);
  addProtocol("pmtiles", new Protocol().tile);
}

export function styleFor(city: City, theme: Theme): ReturnType<typeof makeStyle> {
  const url = city.has_basemap ? `pmtiles://${location.origin}/map/basemap.pmtiles` : null;
  return makeStyle(PALETTES[theme], url);
}

/** Open the map on the city; throws where there is no WebGL2. */
export function openMap(container: HTMLElement, city: City, theme: Theme): GlMap {
  prepare();
  const map = new GlMap({
    container,
    style: styleFor(city, theme),
    bounds: city.bounds,
    fitBoundsOptions: { padding: 24 },
    maxBounds: widened(city.bounds),
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    // The page owns the keyboard; the map's own keys are buttons beside it.
    keyboard: false,
    maxZoom: 18,
    minZoom: 8,
  });
  map.touchZoomRotate.disableRotation();
  return map;
}

function widened([west, south, east, north]: City["bounds"]): City["bounds"] {
  const [dx, dy] = [(east - west) * 0.5 + 0.02, (north - south) * 0.5 + 0.02];
  return [west - dx, south - dy, east + dx, north + dy];
}
