/** Words for dangers of places. */

export const premiseWords = {
  "premise.title": "Dangers of the place",
  "premise.about": "{n} m · until {day}",
  "premise_kind.dog": "Dog",
  "premise_kind.hazardous_goods": "Hazardous goods",
  "premise_kind.construction": "Building site",
  "premise_kind.unstable_structure": "Unstable structure",
  "premise_kind.locked_access": "Locked access",
  "premise_kind.steep_stairs": "Steep stairs",
  "premise_kind.high_voltage": "High voltage",
  "premise_kind.crowd_site": "Crowds",
  "premise_kind.confined_space": "Confined space",
  "premise_kind.water_edge": "Water's edge",
  "premise_kind.other_danger": "Other danger",
} as const;
