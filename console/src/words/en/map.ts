/** English of `zh/map.ts`. */

import type { mapWords as zh } from "../zh/map";

export const mapWords: Record<keyof typeof zh, string> = {
  "map.unfetched": "The map could not be fetched. Queue, recommendation and keys work as usual.",
  "map.none": "This machine cannot show the map (no WebGL2). Queue, recommendation and keys work as usual.",
  "map.loading": "Loading the map",
  "map.off": "The map is off",
};
