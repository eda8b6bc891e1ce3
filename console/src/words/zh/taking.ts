/** Words of the form of a call (接警单): history, duplicates, places, facts, endings. */

export const takingWords = {
  "taking.facts": "现场要素",
  "taking.note": "记录",
  "taking.place_note": "地点补充：{place}",

  "taking.suggested": "系统提示",
  "taking.n_calls": "{n} 个来电",
  "taking.dismiss": "不是同一起",
  "taking.photos": "照片 {n}",
  "taking.dismissed": "已排除 {incident}：不再提示",
  "taking.dismiss_reason": "接警席判断不是同一警情",

  "taking.short_noted": "已记入 {incident}，来电处理完毕",
  "taking.short_nothing": "{incident} 没有新情况，来电处理完毕",

  "taking.caller_at": "报警人 ±{n} 米（{source}）",
  "taking.caller_place": "报警人位置 ±{n} 米",
  "taking.no_spot": "没有报警人定位，不用答“是否在现场”",
  "taking.not_at_scene": "不在现场，不作候选",
  "taking_source.handset": "手机定位",
  "taking_source.cell": "基站",
  "taking_source.text_link": "短信链接",
  "taking_source.line": "装机地址",
  "taking_source.said": "本人所述",

  "taking.possible_twice": "该位置已在可能地点中",
  "taking.ruled_out_reason": "接警席问清后排除",

  "taking.beside": "重复、历史与场所提示",

  "taking.end_attached": "本来电并入了别的警情，不能在这里结束那起警情",
  "taking.ended_referred": "{incident} 已转 12345",
  "taking.ended_invalid": "{incident} 已按无效报警结束",

  "taking.caller_note": "报警人 {name} {number}（来电 {call} 已不在系统中）",
  "taking.held": "有内容没有记入警情；再按 F9 离开，文字留在左侧草稿里",
  "taking.put_by": "{call} 写下的内容未保存，留在左侧草稿里",
  "taking.call_gone": "来电 {call} 已不在系统中，不能再挂断。",
  "taking.drafts": "未保存的草稿",
  "taking.discard": "丢弃",
  "taking.discard_sure": "再按一次丢弃",
} as const;
