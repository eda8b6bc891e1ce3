/** English of `zh/map.ts`. */

import type { mapWords as zh } from "../zh/map";

export const mapWords: Record<keyof typeof zh, string> = {
  "map.label": "Map: units, incidents and response circles",
  "map.standby": "Ready",
  "map.en_route": "En route",
  "map.on_scene": "On scene",
  "map.away": "Away",
  "map.held": "Held",
  "map.edge": "Edge",
  "map.lost": "Lost",
  "map.closed": "Closed",
  "map.slowed": "Slowed",
  "map.slowed_to": "Slowed to {n}%",
  "map.until": "until {time}",
  "map.unfetched": "The map could not be fetched. Queue, recommendation and keys work as usual.",
  "map.none": "This machine cannot show the map (no WebGL2). Queue, recommendation and keys work as usual.",
  "map.loading": "Loading the map",
  "map.off": "The map is off",
  "map.zoom_in": "Zoom in",
  "map.zoom_out": "Zoom out",
  "map.city": "City",
  "map.post": "post",
  "map.danger": "danger of a place",
};
