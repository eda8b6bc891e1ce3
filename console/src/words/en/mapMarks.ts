/** English of `zh/mapMarks.ts`. */

import type { mapMarkWords as zh } from "../zh/mapMarks";

export const mapMarkWords: Record<keyof typeof zh, string> = {
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
  "map.zoom_in": "Zoom in",
  "map.zoom_out": "Zoom out",
  "map.city": "City",
  "map.post": "post",
  "map.danger": "danger of a place",
};
