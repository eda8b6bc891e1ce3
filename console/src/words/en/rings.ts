/** Words of a circle on its card and on the board of posts（圈层）. */
import type { ringWords as zh } from "../zh/rings";

export const ringWords: Record<keyof typeof zh, string> = {
  "ring.title": "Circle {name}",
  "ring.units": "{n} units within three minutes",
  "ring.km": "{n} km of road",
  "ring.minutes": "{n} min",
  "ring.unit_count": "{n} units",
  "ring.loading": "Working out the rings",
};
