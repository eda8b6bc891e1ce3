/** Words of the counters in the bar (计数). */

export const counterWords = {
  "count.unsent": "待派",
  "count.over": "超时",
  "count.ready": "待命",
  "count.under_way": "赶赴",
  "count.on_scene": "现场",
  "count.circles": "圈",
} as const;
