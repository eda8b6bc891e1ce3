/** English of `zh/counters.ts`. */

import type { counterWords as zh } from "../zh/counters";

export const counterWords: Record<keyof typeof zh, string> = {
  "count.unsent": "Unsent",
  "count.over": "Overdue",
  "count.ready": "Ready",
  "count.under_way": "En route",
  "count.on_scene": "On scene",
  "count.circles": "Circles",
};
