/** Words of the map (地图). */

export const mapWords = {
  "map.unfetched": "地图没有取到。队列、推荐与按键照常可用。",
  "map.none": "本机不能显示地图（没有 WebGL2）。队列、推荐与按键照常可用。",
  "map.loading": "地图加载中",
  "map.off": "地图已关",
} as const;
