/** Words of the hour ahead. */

import type { aheadWords as zh } from "../zh/ahead";

export const aheadWords: Record<keyof typeof zh, string> = {
  "ahead.about": "From the board as it is now, the same rules and simulated people go on for an hour, 20 times, with calls drawn from the demand. A warning only; nothing is changed.",
  "ahead.run": "Look an hour ahead",
  "ahead.running": "Looking, {n} of {of}",
  "ahead.of": "{minutes} min from {at}, {n} runs",
  "ahead.mean": "Mean",
  "ahead.circles": "Circles that may stand empty: {n} of {of}",
  "ahead.share": "Chance",
  "ahead.minutes": "Mean minutes",
  "ahead.none": "Nobody has looked yet.",
  "ahead_figure.calls": "Calls",
  "ahead_figure.incidents": "Incidents",
  "ahead_figure.p50_s": "Unit response, median (s)",
  "ahead_figure.p90_s": "Unit response, 90th percentile (s)",
  "ahead_figure.late_share": "Late",
  "ahead_figure.unreached": "Not reached",
  "ahead_figure.lost_min": "Circle minutes empty",
};
