/** Words of the start page (开始), and of the switches of city life. */

export const startWords = {
  "start.title": "{city}：一座活着的城市，三步上手",
  "start.try_intake": "把“接警”交给人，按 F2 接起来电，边听边记；地点和类型一有就按 Ctrl+Enter。",
  "start.try_dispatch": "把“派警”交给人，↑↓ 选警情，看推荐理由，按 1 派出第一组；派错了按 Ctrl+Z。",
  "start.try_patrol": "接管一辆巡逻车，用手机宽度打开：签收、出发、到达、完毕、反馈，一次一个大按钮。",
  "start.life": "谁在由机器扮演",
  "start.life_hint": "关掉一项，那个席位就等您来坐；其余照常运转。",
  "start.speed": "城市时间的快慢",
  "start.unit": "接管一辆车",
  "start.take": "接管并打开处警端",
  "start.give_back": "交还模拟",
  "start.no_life": "这里不是演示：没有模拟的人，一切由真人操作。",

  "life.callers": "报警人",
  "life.call_taking": "接警",
  "life.dispatch": "派警",
  "life.crews": "警组",
  "life.review": "评查",
  "life.seats": "专席",
  "life.machine": "机器扮演",
  "life.human": "等人来坐",
  "life.no_callers": "没有来电",
} as const;
