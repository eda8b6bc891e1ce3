/** Words of broadcasts on the crew's page (处警端广播). */

export const crewBroadcastWords = {
  "crew_broadcast.title": "广播",
  "crew_broadcast.read": "已阅",
  "crew_broadcast.was_read": "已阅",
  "crew_subject.notice": "通知",
  "crew_subject.vehicle": "查车",
  "crew_subject.place": "看守地点",
  "crew_subject.person": "找人",
} as const;
