/** Words of drawing a closed road and of its form（绘线、封路）. */
import type { roadFormWords as zh } from "../zh/roadForm";

export const roadFormWords: Record<keyof typeof zh, string> = {
  "road.drawing": "Draw along the street",
  "road.how": "Click points on the map along the street; between two points the fastest way is taken. From the keyboard: arrows move the map, Space puts a point under the cross.",
  "road.points": "{n} points",
  "road.drop": "Remove the last point",
  "road.next": "Go on",
  "road.redraw": "Back to the line",
  "road.form": "Close or slow this road",
  "road.kind": "What",
  "road.close": "Close",
  "road.slow": "Slow",
  "road.percent": "Percent of the usual speed",
  "road.reason": "Reason",
  "road.ready_roadworks": "Roadworks",
  "road.ready_flood": "Flooding",
  "road.ready_crash": "Crash",
  "road.ready_guard": "Escort",
  "road.ready_event": "Event",
  "road.ready_fire": "Fire",
  "road.minutes": "For",
  "road.n_minutes": "{n} min",
  "road.n_hours": "{n} h",
  "road.submit": "Put in force",
};
