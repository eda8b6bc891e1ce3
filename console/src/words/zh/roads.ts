/** Words of closed roads and rings (道路管制与圈层). */

export const roadsWords = {
  "road.title": "道路管制",
  "road.draw": "封路 R",
  "road.more": "另有 {n} 条",
  "road.both_ways": "双向",
  "road.one_way": "单向",
  "road.closed_said": "已封路：{reason}",
  "road.slowed_said": "已限速至 {n}%：{reason}",
  "road.opened_said": "{closure} 已恢复通行",
  "road.need_point": "请先在道路上点至少一点",
  "road.full": "一条线最多 {n} 点，其余请另画一条",
  "road.no_map": "封路须在地图上画线，本页地图已关",
  "road.by": "经办 {by}",
  "road.left": "还剩 {n}",
  "road.open": "恢复通行",

  "ring.failed": "圈层没有取到",
} as const;
