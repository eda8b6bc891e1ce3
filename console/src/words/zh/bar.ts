/** Words of the bar above a seat: its seat and its counters（席位栏）. */

export const barWords = {
  "bar.pages": "页面",
  "bar.sound_on": "声音开",
  "bar.sound_off": "声音关",
  "bar.city_time": "城市时间",
  "bar.seat": "{n} 席",
  "bar.change_seat": "席位：签入、暂离、交班",
  "seat_state.idle": "空闲",
  "seat_state.ringing": "振铃",
  "seat_state.talking": "通话",
  "seat_state.after_call": "话后",
  "seat_state.paused": "暂离",
  "seat_state.off": "未签入",
  "count.unsent": "待派",
  "count.over": "超时",
  "count.ready": "待命",
  "count.under_way": "赶赴",
  "count.on_scene": "现场",
  "count.circles": "圈",
} as const;
