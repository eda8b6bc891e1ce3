/** Words of the marks on a map and of its buttons (图例): they come with the map. */

export const mapMarkWords = {
  "map.label": "地图：警力、警情与快反圈",
  "map.standby": "待命",
  "map.en_route": "赶赴",
  "map.on_scene": "现场",
  "map.away": "脱离",
  "map.held": "守住",
  "map.edge": "边缘",
  "map.lost": "失守",
  "map.closed": "封路",
  "map.slowed": "限速",
  "map.slowed_to": "限速至 {n}%",
  "map.until": "至 {time}",
  "map.zoom_in": "放大",
  "map.zoom_out": "缩小",
  "map.city": "全市",
  "map.post": "岗位",
  "map.danger": "场所危险",
} as const;
