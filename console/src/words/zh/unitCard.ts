/** Words of a unit's card and of the board of units（警力卡）. */

export const unitCardWords = {
  "unit.title": "警力 {unit}",
  "unit.crew": "{n} 人",
  "unit.post": "驻点 {post}",
  "unit.fix": "定位 {n} 前",
  "unit.no_fix": "无定位",
  "unit.order": "任务 {incident}",
  "unit.assign": "派往 {incident}",
  "unit.set": "设为{state}",
  "unit.lines": "指挥：{desk}　隶属：{parent}",
  "unit.stack": "多起在手：{incidents}",
  "unit.divert": "改派到 {incident}",
  "unit.beside": "兼处 {incident}",
  "unit.reserve": "为 {incident} 预留",
  "unit.release": "取消预留 {incident}",
  "unit.emergency": "紧急求助",
} as const;
