/** Words of incidents, calls and refusals that both seats say (警情). */

export const incidentWords = {
  "incident.none": "用 ↑↓ 或鼠标选择一起警情",
  "incident.gone": "{incident} 已不在办（办结或并案）",
  "incident.waited": "已等 {n}",
  "incident.limit": "限 {n}",
  "incident.unplaced": "尚未定位，不能推荐警力；请接警席补充地点。",

  "refused.sent_by": "{by} 已先一步派 {unit} → {incident}；本席未派，请看清后再操作。",

  "call_line.110": "110 电话",
  "call_line.122": "122 电话",
  "call_line.119": "119 转来",
  "call_line.12110": "短信报警",
  "call_line.12345": "12345 转来",
  "call_line.web": "网络报警",
  "call_line.one_key": "一键报警",
  "call_line.iot": "设备报警",
  "call_line.walk_in": "当面报警",
  "call_line.patrol_found": "巡逻发现",
  "call_line.other_desk": "他席转来",

  "call.ringing": "振铃",
  "call.talking": "通话中",
  "call.ended": "已挂断",
  "call.abandoned": "未接",
} as const;
