/** The counters of the bar, counted from the very rows that the page shows. */

import type { IncidentRow, Views } from "../api/rows";
import { ageOf, groupOf, isDue, type TargetOf } from "../pages/dispatch/queue";

export interface Counts {
  unsent: number;
  over: number;
  ready: number;
  underWay: number;
  onScene: number;
  circlesHeld: number;
  circles: number;
}

const READY = new Set(["standby", "at_post", "patrolling", "returning"]);

export function countBoard(views: Views, nowMs: number, targetOf: TargetOf): Counts {
  const due = Object.values(views.incidents).filter(isDue);
  const unsent = due.filter((row) => groupOf(row) === "unsent");
  const isOver = (row: IncidentRow): boolean => ageOf(row, nowMs, targetOf).stage === "over";
  const states = Object.values(views.units).map((unit) => unit.state);
  const circles = Object.values(views.circles);
  return {
    unsent: unsent.length,
    over: unsent.filter(isOver).length,
    ready: states.filter((state) => READY.has(state)).length,
    underWay: states.filter((state) => state === "assigned" || state === "en_route").length,
    onScene: states.filter((state) => state === "on_scene").length,
    circlesHeld: circles.filter((circle) => circle.state !== "lost").length,
    circles: circles.length,
  };
}
