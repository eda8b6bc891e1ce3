/** Words of the queue and of the counters over it (警情队列). */

export const queueWords = {
  "queue.title": "警情队列",
  "queue.keys": "↑↓ 选择　N 下一待派",
  "queue.unsent": "待派",
  "queue.sent": "已派",
  "queue.desk": "电话处置",
  "queue.closing": "待反馈、评查",
  "queue.empty": "没有待派警情",
  "queue.over": "超 {n}",
  "queue.unplaced": "未定位",
  "queue.no_place": "地址待补",
  "queue.unsigned": "未签 {n}",
  "queue.n_of": "{sent}/{needed} 组",
  "queue.eta": "{n} 后到",
  "queue.eta_over": "过预计 {n}",
  "queue.here": "到场 {n}",
} as const;

export const countWords = {
  "count.unsent": "待派",
  "count.over": "超时",
  "count.ready": "待命",
  "count.under_way": "赶赴",
  "count.on_scene": "现场",
  "count.circles": "圈",
} as const;
