/** Words of sending: plans, teams, diversions, withdrawals, services, desks, emergencies (派警细节). */

export const sendingWords = {
  "plan.asks": "预案 {plan}：需 {n} 组",
  "plan.skill": "{what} {sent}/{n}",
  "plan.wish": "尽量{what} {sent}/{n}",
  "plan.sent": "已派 {sent}/{n} 组",
  "plan.short": "缺 {n} 组",
  "plan.lacks": "缺{what}",
  "plan.level": "响应 {n} 级",
  "plan.backup": "含增援 {n} 组",

  "rank.team": "派出编组 {n} 组：{units}",
  "rank.several": "Shift+2–4 派前几组",
  "rank.in_team": "编组",
  "rank.second_line": "二线",

  "reason.left_reached_later": "{where} 失去该警力，接替者晚到 {n}",
  "reason.left_without_unit": "{where} 失去该警力，半小时内无其他警力可到",
  "reason.left_unplaced": "{where} 失去该警力，该警情尚未定位",
  "reason.left_with_others": "{where} 失去该警力，另有 {m} 组在办",
  "reason.ends_circle_lost": "{where}：失守 → 有人",
  "reason.makes_circle_held": "{where}：一组 → 满员",
  "reason.leaves_circle_edge": "{where}：仅剩一组",

  "divert.none": "没有第 {n} 个可改派警力",

  "do.safe": "平安",

  "moves.none": "没有补位建议",

  "desk.assigned_beside": "{unit} 兼处 {incident}",
  "desk.no_team": "没有可派的编组",
  "desk.withdrawn_read": "已撤回 {unit} 的 {order}，待警组签收",

  "undo.to_sign": "已撤销：{what}。警组已签收过，待其签收撤回",

  "line.proposals": "可选",
} as const;
