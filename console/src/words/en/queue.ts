/** Words of the queue and of the counters over it. */

import type { countWords as zhCounts, queueWords as zhQueue } from "../zh/queue";

export const queueWords: Record<keyof typeof zhQueue, string> = {
  "queue.title": "Incidents",
  "queue.keys": "↑↓ select  N next unsent",
  "queue.unsent": "Unsent",
  "queue.sent": "Sent",
  "queue.desk": "By phone",
  "queue.closing": "Feedback, review",
  "queue.empty": "No incident waits for a unit",
  "queue.over": "over {n}",
  "queue.unplaced": "unplaced",
  "queue.no_place": "No place yet",
  "queue.unsigned": "unsigned {n}",
  "queue.n_of": "{sent}/{needed} units",
  "queue.eta": "in {n}",
  "queue.eta_over": "{n} past ETA",
  "queue.here": "there {n}",
};

export const countWords: Record<keyof typeof zhCounts, string> = {
  "count.unsent": "Unsent",
  "count.over": "Overdue",
  "count.ready": "Ready",
  "count.under_way": "En route",
  "count.on_scene": "On scene",
  "count.circles": "Circles",
};
