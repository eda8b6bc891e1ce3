/** The drawing of a closure, step by step: a line, then a form. Pure. */

import type { LonLat } from "../../map/features";

/** As many as the server takes. */
export const MAX_POINTS = 100;

export interface Drawing {
  phase: "line" | "form";
  points: readonly LonLat[];
}

export type DrawStep =
  | { do: "add"; point: LonLat }
  | { do: "drop" }
  | { do: "go_on" }
  | { do: "back" };

/** The drawing after a step; null once it is given up. What a step cannot do changes nothing. */
export function draw(drawing: Drawing, step: DrawStep): Drawing | null {
  const { phase, points } = drawing;
  if (step.do === "back") return phase === "form" ? { phase: "line", points } : null;
  if (phase === "form") return drawing;
  if (step.do === "go_on") return points.length > 0 ? { phase: "form", points } : drawing;
  if (step.do === "drop") return { phase, points: points.slice(0, -1) };
  return points.length < MAX_POINTS ? { phase, points: [...points, step.point] } : drawing;
}

/** What the form says. */
export interface RoadChoice {
  kind: "close" | "slow";
  percent: number;
  reason: string;
  minutes: number;
  bothWays: boolean;
}

export const MINUTES = [30, 60, 120, 240] as const;

export const FIRST_CHOICE: RoadChoice = {
  kind: "close",
  percent: 50,
  reason: "",
  minutes: 60,
  bothWays: true,
};

/** A whole percentage that the server takes. */
export function fitPercent(percent: number): number {
  return Math.min(95, Math.max(5, Math.round(percent) || 50));
}
