/** English of `zh/roads.ts`. */

import type { roadsWords as zh } from "../zh/roads";

export const roadsWords: Record<keyof typeof zh, string> = {
  "road.title": "Roads",
  "road.draw": "Close a road R",
  "road.more": "{n} more",
  "road.both_ways": "Both directions",
  "road.one_way": "One direction",
  "road.closed_said": "Road closed: {reason}",
  "road.slowed_said": "Road slowed to {n}%: {reason}",
  "road.opened_said": "{closure} is open again",
  "road.need_point": "Draw a point on the street first",
  "road.full": "A line has at most {n} points; draw the rest separately",
  "road.no_map": "Closing a road needs the map, and it is off",
  "road.by": "By {by}",
  "road.left": "{n} left",
  "road.open": "Open the road",

  "ring.failed": "The rings could not be had",
};
