/** Words of what a crew asked a supervisor for (处警端批准申请). */

export const crewApprovalWords = {
  "crew_asked.HandOverShift": "在现场换班",
  "crew_approval.waiting": "等待值班领导答复",
  "crew_approval.given": "{who} 已批准",
  "crew_approval.refused": "{who} 未批准：{why}",
  "crew_approval.not_done": "{who} 已批准，但未能执行：{why}",
} as const;
