/** Words of the hour ahead (前瞻). */

export const aheadWords = {
  "ahead.about": "从现在的态势出发，以同一套规则和仿真人员往前推一小时，重复 20 次；来电按需求抽取。只作预警，不改变任何安排。",
  "ahead.run": "推演未来一小时",
  "ahead.running": "推演中 {n} / {of}",
  "ahead.of": "{at} 起 {minutes} 分钟，{n} 次推演",
  "ahead.mean": "平均",
  "ahead.circles": "可能失守的快反圈：{n} / {of}",
  "ahead.share": "失守概率",
  "ahead.minutes": "平均失守分钟",
  "ahead.none": "还没有推演。",
  "ahead_figure.calls": "来电（起）",
  "ahead_figure.incidents": "立警（起）",
  "ahead_figure.p50_s": "出警到场中位（秒）",
  "ahead_figure.p90_s": "出警到场 90 分位（秒）",
  "ahead_figure.late_share": "超时率",
  "ahead_figure.unreached": "未到场（起）",
  "ahead_figure.lost_min": "失守圈时（分）",
};
