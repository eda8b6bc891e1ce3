/** Words of a circle on its card and on the board of posts（圈层）. */

export const ringWords = {
  "ring.title": "快反圈 {name}",
  "ring.units": "三分钟内 {n} 组",
  "ring.km": "道路 {n} 公里",
  "ring.minutes": "{n} 分钟",
  "ring.unit_count": "{n} 组",
  "ring.loading": "圈层计算中",
} as const;
