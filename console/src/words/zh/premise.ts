/** Words for dangers of places (场所危险提示). */

export const premiseWords = {
  "premise.title": "场所危险提示",
  "premise.about": "{n} 米 · 有效至 {day}",
  "premise_kind.dog": "犬只",
  "premise_kind.hazardous_goods": "危险品",
  "premise_kind.construction": "施工",
  "premise_kind.unstable_structure": "结构不稳",
  "premise_kind.locked_access": "门禁",
  "premise_kind.steep_stairs": "陡梯",
  "premise_kind.high_voltage": "高压电",
  "premise_kind.crowd_site": "人员密集",
  "premise_kind.confined_space": "有限空间",
  "premise_kind.water_edge": "临水",
  "premise_kind.other_danger": "其他危险",
} as const;
